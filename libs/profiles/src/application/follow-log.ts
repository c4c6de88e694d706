import { isCheckpoint, type EventFilter, type EventStore } from '@hearth/eventing';
import type { Applier } from './apply-events.ts';
import type { LogProgress } from './log-progress.ts';
import { readRest } from './read-rest.ts';

export interface FollowLogPorts {
  readonly store: Pick<EventStore, 'readAll' | 'subscribe'>;
  readonly filter: EventFilter;
  readonly applier: Applier;
  readonly progress: LogProgress;
  /** Holds up the reading while too much waits for being written down. */
  readonly makeRoom: () => Promise<void>;
  readonly isRoom: () => boolean;
  /** Called once the head has been reached for the first time, before events are taken one by one. */
  readonly onCaughtUp: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Applies the log: in large pages up to its head, then event by event as they are appended. Ends when it is told to, or
 * when the store is closed; rejects at the first event that cannot be applied.
 */
export const followLog = async (ports: FollowLogPorts): Promise<void> => {
  const { store, filter, applier, progress, makeRoom, isRoom, onCaughtUp, signal } = ports;
  if (!(await readRest({ store, filter, applier, progress, signal, afterPage: makeRoom }))) return;
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
    if (!isRoom()) await makeRoom();
  }
};
