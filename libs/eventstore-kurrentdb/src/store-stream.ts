import { randomUUID } from 'node:crypto';
import { jsonEvent } from '@kurrent/kurrentdb-client';
import { EventStoreError, EventStoreUnavailable, WrongExpectedRevision } from '@hearth/eventing';
import type { ExactAppends } from './exact-append.ts';
import type { Reading } from './reading.ts';
import { STORE_STREAM } from './reserved-stream.ts';
import { backOff, pause } from './waiting.ts';

const CREATED = 'StoreCreated';

/** The first event of the store's own stream. */
export interface StoreIdentity {
  readonly storeId: string;
  /** The id of that event: appending it again stores nothing, and so shows whether appends are answered. */
  readonly eventId: string;
}

const readIdentity = async (reading: Reading): Promise<StoreIdentity | undefined> => {
  const [first] = (await reading.stream(STORE_STREAM, { limit: 1 })) ?? [];
  if (!first) return undefined;
  const { storeId } = first.data as { storeId?: unknown };
  if (first.type !== CREATED || typeof storeId !== 'string' || !/^[0-9a-f]{8}$/.test(storeId))
    throw new EventStoreError(
      'store_damaged',
      `The stream ${STORE_STREAM} does not start with the id of a Hearth store; it was written by something else`,
    );
  return { storeId, eventId: first.id };
};

/** Appends the first event; of several that start at once, one wins, and a repeat changes nothing. */
export const createStore = async (
  appends: ExactAppends,
  { storeId, eventId }: StoreIdentity,
): Promise<void> => {
  const created = jsonEvent({ id: eventId, type: CREATED, data: { storeId } });
  await appends.append(STORE_STREAM, [created], 'no_stream');
};

/**
 * Reads who the store is, or makes it so at the very first start. Waits up to `patience` milliseconds for a server that
 * is not up yet.
 */
export const identify = async (
  reading: Reading,
  appends: ExactAppends,
  newStoreId: () => string,
  { patience, now }: { patience: number; now: () => number },
): Promise<StoreIdentity> => {
  const end = now() + patience;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const identity = await readIdentity(reading);
      if (identity) return identity;
      const made = { storeId: newStoreId(), eventId: randomUUID() };
      await createStore(appends, made);
      return made;
    } catch (error) {
      if (error instanceof WrongExpectedRevision) continue;
      const mends =
        error instanceof EventStoreUnavailable ||
        (error instanceof EventStoreError && error.code === 'outcome_unknown');
      if (!mends || now() >= end) throw error;
      await pause(backOff(attempt));
    }
  }
};
