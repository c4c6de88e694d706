import { REQUEST_STREAMS, type RequestEvent } from '@hearth/contracts';
import { WrongExpectedRevision, type EventStore, type Position, type RecordedEvent } from '@hearth/eventing';

import { requestState } from '../../domain/idempotency/request-state.ts';
import { metadataOf, type Clock } from '../ports.ts';

export interface ForgetPorts {
  readonly store: Pick<EventStore, 'append' | 'readStream' | 'readAll' | 'eraseBefore'>;
  readonly clock: Clock;
  readonly newId: () => string;
}

type Forgotten = Extract<RequestEvent, { type: 'RequestForgotten' }>['data'];

const forgetAt =
  ({ store, clock, newId }: ForgetPorts) =>
  async (stream: string, revision: number, data: Forgotten): Promise<void> => {
    const now = clock.now();
    const id = newId();
    const metadata = metadataOf({ correlationId: id, receivedAt: now, deadline: now });
    const event = { id, type: 'RequestForgotten', data, metadata };
    const appended = await store.append(stream, [event], { expectedRevision: revision });
    await store.eraseBefore(stream, appended.revision);
  };

/**
 * Erases what a request's stream knows, because a person is erased to whom it led: events of users name the streams of such
 * requests in their metadata, as `request`. A repeat of the request is then answered with the first one's status and a
 * plain success, or refused where it was never answered. Repeating this is harmless; so is a stream that does not exist.
 */
export const forgetRequest = (ports: ForgetPorts): ((stream: string) => Promise<void>) => {
  const forget = forgetAt(ports);
  return async (stream) => {
    for (;;) {
      const { events, lastRevision } = await ports.store.readStream(stream);
      const state = requestState(events);
      if (state.status === 'absent') return;
      if (state.status === 'erased') return ports.store.eraseBefore(stream, lastRevision);
      const { status, position } = state.status === 'answered' ? state.answer : {};
      try {
        return await forget(stream, lastRevision, {
          reason: 'erased',
          body_hash: state.bodyHash,
          ...(status !== undefined && { status }),
          ...(position !== undefined && { position }),
        });
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error; // answered in between
      }
    }
  };
};

const PAGE = 500;

/**
 * Erases the answers that are older than the retention, oldest first. Each run goes on where the one before ended. What a
 * stream keeps is one event that says that it forgot. Safe to run on several instances at once.
 */
export const sweepRequests = (
  ports: ForgetPorts,
  retentionMs: number,
): ((signal: AbortSignal) => Promise<void>) => {
  const { store, clock } = ports;
  const forget = forgetAt(ports);
  let from: Position | undefined;

  const expire = async ({ stream, revision, type }: RecordedEvent): Promise<void> => {
    if (type === 'RequestForgotten') return store.eraseBefore(stream, revision);
    try {
      await forget(stream, revision, { reason: 'expired' });
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      // It goes on, and its later events are met later; or somebody ended between forgetting and erasing.
      const { events } = await store.readStream(stream, { direction: 'backwards', limit: 1 });
      const last = events[0];
      if (last?.type === 'RequestForgotten') await store.eraseBefore(stream, last.revision);
    }
  };

  return async (signal) => {
    for (let done = false; !done && !signal.aborted;) {
      const page = await store.readAll({
        ...(from && { from }),
        filter: { streamPrefixes: [REQUEST_STREAMS] },
        limit: PAGE,
      });
      const before = clock.now() - retentionMs;
      const young = page.events.findIndex(({ metadata }) => Date.parse(metadata.received_at) > before);
      const old = young === -1 ? page.events : page.events.slice(0, young);
      const newest = new Map<string, RecordedEvent>();
      for (const event of old) {
        const met = newest.get(event.stream);
        // One that forgot and stands alone has nothing left to erase.
        if (event.type !== 'RequestForgotten' || met) newest.set(event.stream, event);
      }
      for (const event of newest.values()) {
        if (signal.aborted) return;
        await expire(event);
      }
      from = young === -1 ? page.position : (old.at(-1)?.position ?? from);
      done = young !== -1 || page.headReached;
    }
  };
};
