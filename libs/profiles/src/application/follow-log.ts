import type { EventFilter, EventStore } from '@hearth/eventing';
import type { Applier } from './apply-events.ts';
import type { Flusher } from './flusher.ts';
import type { LogProgress } from './log-progress.ts';
import { readRest } from './read-rest.ts';
import { runsUnderway } from './runs-underway.ts';

export interface FollowLogPorts {
  readonly store: Pick<EventStore, 'readAll' | 'subscribe'>;
  readonly filter: EventFilter;
  readonly applier: Applier;
  readonly progress: LogProgress;
  /** Holds up the reading while too much waits for being written down. */
  readonly flusher: Pick<Flusher, 'makeRoom' | 'hasRoom'>;
  /** Called once the head has been reached for the first time, before runs are taken as they come. */
  readonly onCaughtUp: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** So many events may wait for rows while more are taken in: a new one should not wait for those of other users. */
const MOST_UNDERWAY = 1_000;

/**
 * Applies the log: in large pages up to its head, then run by run as it grows. Ends when it is told to, or
 * when the store is closed; rejects at the first event that cannot be applied.
 */
export const followLog = async (ports: FollowLogPorts): Promise<void> => {
  const { store, filter, applier, progress, flusher, onCaughtUp, signal } = ports;
  const afterPage = () => flusher.makeRoom();
  if (!(await readRest({ store, filter, applier, progress, signal, afterPage }))) return;
  await onCaughtUp();

  const from = progress.applied;
  const runs = runsUnderway(progress);
  const either = AbortSignal.any([signal, runs.failed]);
  for await (const { events, checkpoint } of store.subscribe({
    ...(from !== undefined && { from }),
    filter,
    signal: either,
  })) {
    let applying: Promise<void>[] = [];
    for (let at = 0; at < events.length;) {
      at += applier.applyNext(events, at, applying);
      if (flusher.hasRoom) continue;
      runs.add(events[at - 1]!.position, applying);
      applying = [];
      await runs.all();
      await flusher.makeRoom();
    }
    runs.add(checkpoint, applying);
    if (runs.waiting >= MOST_UNDERWAY) await runs.all();
  }
  await runs.all();
};
