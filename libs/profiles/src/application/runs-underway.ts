import type { Position } from '@hearth/eventing';
import type { LogProgress } from './log-progress.ts';

/** Runs of events that were handed out by the log, and of which some still wait for something. */
export interface RunsUnderway {
  /** Takes note that the log is applied up to `position` once these are done, and all that were added before. */
  add(position: Position, applying: readonly Promise<void>[]): void;
  /** Resolves when everything added is done. Rejects where something failed. */
  all(): Promise<void>;
  /** How many are not known to be done. */
  readonly waiting: number;
  /** Aborted as soon as something failed: whoever adds has to stop, and `all` says why. */
  readonly failed: AbortSignal;
}

export const runsUnderway = (progress: Pick<LogProgress, 'advanceTo'>): RunsUnderway => {
  const failing = new AbortController();
  let last: Promise<void> | undefined;
  let waiting = 0;

  const finish = async (
    before: Promise<void> | undefined,
    position: Position,
    applying: readonly Promise<void>[],
  ): Promise<void> => {
    try {
      // Both are waited for at once, so that none of them fails with nobody looking.
      await Promise.all([before, ...applying]);
      progress.advanceTo(position);
    } catch (error) {
      failing.abort();
      throw error;
    } finally {
      waiting -= applying.length;
    }
  };

  return {
    add: (position, applying) => {
      if (last === undefined && applying.length === 0) return progress.advanceTo(position);
      waiting += applying.length;
      const run = finish(last, position, applying);
      last = run;
      // One that failed stays the last: nothing after it counts as applied.
      run.then(
        () => {
          if (last === run) last = undefined;
        },
        () => undefined,
      );
    },
    all: async () => last,
    get waiting() {
      return waiting;
    },
    failed: failing.signal,
  };
};
