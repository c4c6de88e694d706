import { isCheckpoint, type EventFilter, type EventStore } from '@hearth/eventing';
import type { Applier } from './apply-events.ts';
import type { Flusher } from './flusher.ts';
import type { LogProgress } from './log-progress.ts';
import { readRest } from './read-rest.ts';

export interface FollowLogPorts {
  readonly store: Pick<EventStore, 'readAll' | 'subscribe'>;
  readonly filter: EventFilter;
  readonly applier: Applier;
  readonly progress: LogProgress;
  /** Holds up the reading while too much waits for being written down. */
  readonly flusher: Pick<Flusher, 'makeRoom' | 'hasRoom'>;
  /** Called once the head has been reached for the first time, before events are taken one by one. */
  readonly onCaughtUp: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Applies the log: in large pages up to its head, then event by event as they are appended. Ends when it is told to, or
 * when the store is closed; rejects at the first event that cannot be applied.
 */
export const followLog = async (ports: FollowLogPorts): Promise<void> => {
  const { store, filter, applier, progress, flusher, onCaughtUp, signal } = ports;
  const afterPage = () => flusher.makeRoom();
  if (!(await readRest({ store, filter, applier, progress, signal, afterPage }))) return;
  await onCaughtUp();

  const from = progress.applied;
  for await (const message of store.subscribe({ ...(from !== undefined && { from }), filter, signal })) {
    if (isCheckpoint(message)) {
      progress.advanceTo(message.checkpoint);
      continue;
    }
    const waiting = applier.apply(message);
    if (waiting) await waiting;
    progress.advanceTo(message.position);
    if (!flusher.hasRoom) await flusher.makeRoom();
  }
};
