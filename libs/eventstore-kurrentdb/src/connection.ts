import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { EventStoreError, EventStoreUnavailable, type Availability } from '@hearth/eventing';
import { failureOf, messageOf } from './client-failure.ts';
import { clientSlot, type ClientSlot } from './client-slot.ts';
import { backOff, pause, within } from './waiting.ts';

export interface ConnectionOptions {
  readonly connectionString: string;
  /** Clients that appends are spread over; each carries fifteen at a time. */
  readonly appendClients: number;
  /** Milliseconds one try of a read may take. */
  readonly readTimeout: number;
  /** Milliseconds one try of an append may take. */
  readonly appendTimeout: number;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
}

/**
 * The clients of one store and what is known of the server. Reads and appends fail and recover separately in the
 * client, so each side has its own clients and its own say on availability.
 */
export interface Connection {
  readonly availability: Availability;
  /** One try of a read, by a timer of our own; a failure is an `EventStoreError`. */
  read<Value>(what: string, make: (client: KurrentDBClient) => Promise<Value>): Promise<Value>;
  /** One try of an append. Throws what the client threw. Appends to one stream share a client, in order. */
  append<Value>(stream: string, make: (client: KurrentDBClient) => Promise<Value>): Promise<Value>;
  /** Once the store is open: a call of each kind that shows whether the server is back, without storing anything. */
  watchWith(probe: () => Promise<void>): void;
  close(): Promise<void>;
}

export const connection = (options: ConnectionOptions): Connection => {
  const { connectionString, readTimeout, appendTimeout, now } = options;
  const reader = clientSlot(connectionString, now);
  const writers = Array.from({ length: options.appendClients }, () => clientSlot(connectionString, now));
  const closing = new AbortController();
  const failing = { reads: false, appends: false };
  let probe: (() => Promise<void>) | undefined;
  let watching: Promise<void> | undefined;

  /** Asks until both sides answer again, so that availability comes back without anybody's call. */
  const watch = async (ask: () => Promise<void>): Promise<void> => {
    for (let attempt = 1; (failing.reads || failing.appends) && !closing.signal.aborted; attempt += 1) {
      await pause(backOff(attempt, 100, 1_000), closing.signal);
      if (!closing.signal.aborted) await ask().catch(() => undefined);
    }
    watching = undefined;
  };

  const attempt = async <Value>(
    side: keyof typeof failing,
    slot: ClientSlot,
    timeout: number,
    make: (client: KurrentDBClient) => Promise<Value>,
  ): Promise<Value> =>
    slot.call(async (client) => {
      if (closing.signal.aborted) throw new EventStoreError('store_closed', 'The event store was closed');
      try {
        const value = await within(timeout, make(client));
        failing[side] = false;
        slot.answered(client);
        return value;
      } catch (cause) {
        const { kind } = failureOf(cause, '');
        if (kind === 'refused' || (kind === 'undecided' && side === 'appends')) slot.answered(client);
        else {
          failing[side] = true;
          slot.failed(client);
          if (probe && !closing.signal.aborted) watching ??= watch(probe);
        }
        throw cause;
      }
    });

  return {
    get availability() {
      return failing.reads || failing.appends || closing.signal.aborted ? 'unavailable' : 'available';
    },
    read: async (what, make) => {
      try {
        return await attempt('reads', reader, readTimeout, make);
      } catch (cause) {
        const failure = failureOf(cause, what);
        if (failure.kind === 'refused') throw failure.error;
        throw new EventStoreUnavailable(`KurrentDB did not answer a read of ${what}: ${messageOf(cause)}`, {
          cause,
        });
      }
    },
    append: (stream, make) =>
      attempt('appends', writers[slotOf(stream, writers.length)]!, appendTimeout, make),
    watchWith: (ask) => {
      probe = ask;
    },
    close: async () => {
      closing.abort();
      await watching;
      await Promise.all([reader, ...writers].map((slot) => slot.close()));
    },
  };
};

/** The same place for the same stream. */
const slotOf = (stream: string, slots: number): number => {
  let sum = 0;
  for (let index = 0; index < stream.length; index += 1) sum = (sum * 31 + stream.charCodeAt(index)) | 0;
  return Math.abs(sum) % slots;
};
