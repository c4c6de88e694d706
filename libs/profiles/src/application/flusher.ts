import type { Logger } from '@hearth/nest-kit';
import type { LogProgress } from './log-progress.ts';
import type { ProfileTable } from './profile-table.ts';
import { ReadModelError } from './read-model.ts';

/** Writes applied profiles down: when many wait, and at times. */
export interface Flusher {
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
  readonly table: ProfileTable;
  readonly progress: LogProgress;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Told of an error that no waiting mends. */
  readonly onFailure: (error: unknown) => void;
  readonly maxWaiting: number;
  readonly intervalMs: number;
}

const RETRY_MS = 1_000;
/** Where nothing waits, the checkpoint alone is written, this many intervals apart. */
const IDLE_INTERVALS = 20;

export const createFlusher = (options: FlusherOptions): Flusher => {
  const { table, progress, logger, pause, onFailure, maxWaiting, intervalMs } = options;
  let running: Promise<void> | undefined;
  let problem: ReadModelError | undefined;
  let written = progress.applied;
  let idle = 0;
  let stopped = false;

  const write = async (): Promise<void> => {
    const checkpoint = progress.applied;
    if (table.waiting === 0 && checkpoint === written) return;
    await table.flush(checkpoint);
    written = checkpoint;
    idle = 0;
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

  const timer = setInterval(() => {
    if (running || (problem === undefined && table.waiting === 0 && ++idle < IDLE_INTERVALS)) return;
    void attempt();
  }, intervalMs);
  timer.unref();

  return {
    async makeRoom() {
      while (table.waiting >= maxWaiting && !stopped) {
        await attempt();
        if (problem && !stopped) await pause(RETRY_MS);
      }
    },
    // What was applied after a running flush began has to go down as well.
    flush: async () => {
      await running?.catch(() => undefined);
      await flush();
    },
    get problem() {
      return problem;
    },
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
};
