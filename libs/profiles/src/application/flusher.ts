import type { Logger } from '@hearth/nest-kit';
import type { LogProgress } from './log-progress.ts';
import type { ProfileTable } from './profile-table.ts';
import { ReadModelError } from './read-model.ts';

/** Writes applied profiles down: when many wait, and at times. */
export interface Flusher {
  /** False where so many profiles wait that `makeRoom` is called for. */
  readonly hasRoom: boolean;
  /**
   * Holds up whoever applies events while too many profiles wait; ends at once where none do. While the disk is full or
   * read-only this lasts, so that memory does not grow.
   */
  makeRoom(): Promise<void>;
  /** Writes everything down now. Rejects where that fails. */
  flush(): Promise<void>;
  /** Why nothing can be written now. */
  readonly problem: ReadModelError | undefined;
  stop(): void;
}

export interface FlusherOptions {
  readonly table: Pick<ProfileTable, 'flush' | 'waiting'>;
  readonly progress: LogProgress;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Told of an error that no waiting mends. */
  readonly onFailure: (error: unknown) => void;
  /** How often it looks whether something is to be written, in milliseconds. */
  readonly tickMs: number;
  readonly pace: () => FlushPace;
}

/** When profiles are written down. Far behind the log many wait, since those read next are often the same users'. */
export interface FlushPace {
  readonly maxWaiting: number;
  /** At least after this many ticks. */
  readonly everyTicks: number;
}

/** Fewer than this part of those that may wait are mostly the same, again and again: they are written down half as often. */
const FEW = 4;

/** The pace of who follows the log as it grows. */
export const livePace = (waiting: number, maxWaiting: number): FlushPace => ({
  maxWaiting,
  everyTicks: waiting * FEW < maxWaiting ? 2 : 1,
});

const RETRY_MS = 1_000;
/**
 * What is written down because it is time for it is spread over this share of a tick, so that the disk is never busy with it
 * for long: others wait for the same disk.
 */
const SPREAD = 0.6;
/** Where nothing waits, the checkpoint alone is written, this many ticks apart. */
const IDLE_TICKS = 2;

export const createFlusher = (options: FlusherOptions): Flusher => {
  const { table, progress, logger, pause, onFailure, tickMs, pace } = options;
  let running: Promise<void> | undefined;
  let problem: ReadModelError | undefined;
  let written = progress.applied;
  let ticks = 0;
  let stopped = false;
  /** Resolves when somebody waits for the flush that runs: then it goes as fast as it can. */
  let hurried = Promise.withResolvers<void>();
  let isHurried = false;

  const hurry = (): void => {
    isHurried = true;
    hurried.resolve();
  };
  const rest = async (turns: number): Promise<void> => {
    if (!isHurried) await Promise.race([pause((tickMs * SPREAD) / turns), hurried.promise]);
  };

  const write = async (): Promise<void> => {
    const checkpoint = progress.applied;
    if (table.waiting === 0 && checkpoint === written) return;
    ticks = 0;
    await table.flush(checkpoint, rest);
    written = checkpoint;
  };

  const flush = (): Promise<void> =>
    (running ??= write()
      .then(recovered, failed)
      .finally(() => (running = undefined)));

  const recovered = (): void => {
    if (problem) logger.info('profiles can be written down again');
    problem = undefined;
  };
  const failed = (error: unknown): never => {
    if (error instanceof ReadModelError && error.mayPass) {
      if (!problem) logger.error({ err: error }, 'profiles cannot be written down; it is tried again');
      problem = error;
    } else onFailure(error);
    throw error;
  };

  const attempt = (): Promise<void> => flush().catch(() => undefined);
  const attemptAtLeisure = (): Promise<void> => {
    isHurried = stopped;
    hurried = Promise.withResolvers();
    return attempt();
  };

  const timer = setInterval(() => {
    const due = table.waiting > 0 ? pace().everyTicks : IDLE_TICKS;
    if (!running && (problem !== undefined || ++ticks >= due)) void attemptAtLeisure();
  }, tickMs);
  timer.unref();

  return {
    get hasRoom() {
      return table.waiting < pace().maxWaiting;
    },
    async makeRoom() {
      while (table.waiting >= pace().maxWaiting && !stopped) {
        hurry();
        await attempt();
        if (problem && !stopped) await pause(RETRY_MS);
      }
    },
    // What was applied after a running flush began has to go down as well.
    flush: async () => {
      hurry();
      await running?.catch(() => undefined);
      await flush();
    },
    get problem() {
      return problem;
    },
    stop() {
      stopped = true;
      hurry();
      clearInterval(timer);
    },
  };
};
