import { randomBytes } from 'node:crypto';
import { EventStoreError, type AppendItem, type AppendOutcome, type EventStore } from '@hearth/eventing';
import { appending } from './appending.ts';
import { connection } from './connection.ts';
import { eraseBefore } from './erase-before.ts';
import { erasures } from './erasures.ts';
import { exactAppends } from './exact-append.ts';
import { lanes } from './lanes.ts';
import { logPages } from './log-page.ts';
import { openAppends } from './open-append.ts';
import { reading } from './reading.ts';
import { createStore, identify } from './store-stream.ts';
import { streamMemory } from './stream-memory.ts';
import { readSlice } from './stream-slice.ts';
import { follow } from './subscription.ts';

export interface KurrentdbEventStoreOptions {
  /** For example `kurrentdb://127.0.0.1:2113?tls=false`; the hosts of a cluster are separated by commas. */
  readonly connectionString: string;
  /** Clients that appends are spread over (default 3); each carries fifteen at a time. */
  readonly appendClients?: number;
  /** Milliseconds one try of an append may take (default 7,000). Below 5,000 a cluster has no time to elect a leader. */
  readonly appendTimeout?: number;
  /** Milliseconds until a failing append is given up (default 15,000). */
  readonly appendPatience?: number;
  /** Milliseconds one try of a read may take (default 10,000). */
  readonly readTimeout?: number;
  /** Milliseconds until a failing read is given up (default 10,000). */
  readonly readPatience?: number;
  /** Milliseconds to wait for the server when the store is opened (default 30,000). */
  readonly openPatience?: number;
  /** Live events a subscription holds for a slow consumer before it reads the log again instead (default 4,096). */
  readonly subscriptionBuffer?: number;
  /** Milliseconds between looks of an idle live subscription at the log (default 1,000). */
  readonly subscriptionIdle?: number;
  /** Ids of events held so that appends with `any` need not read their stream again (default 100,000). */
  readonly rememberedIds?: number;
  /** Gives the eight hex digits for a store that has no id yet. */
  readonly newStoreId?: () => string;
  /** A clock in milliseconds that never goes back. */
  readonly now?: () => number;
}

/**
 * Opens the log of a KurrentDB or EventStoreDB server. Waits for the server to be up; throws `EventStoreUnavailable`
 * where it does not come. What the user in the connection string needs: to append, to read `$all`, and to write the
 * metadata of streams (for erasing).
 */
export const kurrentdbEventStore = async (options: KurrentdbEventStoreOptions): Promise<EventStore> => {
  const {
    connectionString,
    appendClients = 3,
    appendTimeout = 7_000,
    appendPatience = 15_000,
    readTimeout = 10_000,
    readPatience = 10_000,
    openPatience = 30_000,
    subscriptionBuffer = 4_096,
    subscriptionIdle = 1_000,
    rememberedIds = 100_000,
    newStoreId = () => randomBytes(4).toString('hex'),
    now = () => performance.now(),
  } = options;
  const clients = connection({ connectionString, appendClients, appendTimeout, readTimeout, now });
  const reads = reading(clients, readPatience, now);
  const exact = exactAppends(clients, reads, appendPatience, now);
  const erased = erasures(reads);
  const identity = await (async () => {
    try {
      const found = await identify(reads, exact, newStoreId, { patience: openPatience, now });
      await erased.refresh();
      return found;
    } catch (error) {
      await clients.close();
      throw error;
    }
  })();
  const { storeId } = identity;
  const probe = exactAppends(clients, reads, 0, now);
  clients.watchWith(async () => {
    await reads.end();
    await createStore(probe, identity);
  });

  const pages = logPages(storeId, reads, erased);
  const open = openAppends(exact, reads, erased, streamMemory(rememberedIds));
  const slice = readSlice(storeId, reads, erased);
  const erase = eraseBefore(reads, exact, erased);
  const followed = {
    storeId,
    connectionString,
    pages,
    erasures: erased,
    bufferedEvents: subscriptionBuffer,
    idle: subscriptionIdle,
  };
  const closing = new AbortController();
  const inFlight = new Set<Promise<unknown>>();
  let closed: Promise<void> | undefined;

  const closedError = (): EventStoreError =>
    new EventStoreError('store_closed', 'The event store was closed; open it anew');
  const during = <Value>(call: () => Promise<Value>): Promise<Value> => {
    if (closed) return Promise.reject(closedError());
    const running = call();
    inFlight.add(running);
    running.finally(() => inFlight.delete(running)).catch(() => undefined);
    return running;
  };

  const prepare = appending({ storeId, reads, erased, exact, open });

  /** Prepares an append at once, so that what a caller changes afterwards is not seen, and answers with a value. */
  const prepareOutcome = (item: AppendItem): (() => Promise<AppendOutcome>) => {
    try {
      const append = prepare(item);
      return () => append().catch(toOutcome);
    } catch (error) {
      const outcome = toOutcome(error);
      return async () => outcome;
    }
  };

  return {
    storeId,
    get availability() {
      return clients.availability;
    },
    append: (stream, events, { expectedRevision }) =>
      during(async () => prepare({ stream, events, expectedRevision })()),
    appendMany: (items) =>
      during(async () => {
        const outcomes = new Array<AppendOutcome>(items.length);
        const lane = lanes();
        const prepared = items.map((item) => ({ item, outcome: prepareOutcome(item) }));
        await Promise.all(
          prepared.map(({ item, outcome }, index) =>
            lane(item.stream, async () => {
              outcomes[index] = await outcome();
            }),
          ),
        );
        return outcomes;
      }),
    readStream: (stream, slicing) => during(() => slice(stream, slicing)),
    readAll: (paging = {}) =>
      during(async () => {
        await pages.check(paging.from);
        return pages.read(paging);
      }),
    subscribe: async function* (subscribing = {}) {
      if (closed) throw closedError();
      const signals = [closing.signal, ...(subscribing.signal ? [subscribing.signal] : [])];
      const ended = AbortSignal.any(signals);
      if (ended.aborted) return;
      yield* follow(followed, subscribing, ended);
    },
    head: () => during(() => pages.head()),
    eraseBefore: (stream, revision) => during(() => erase(stream, revision)),
    close: () => {
      closed ??= (async () => {
        closing.abort();
        await Promise.allSettled(inFlight);
        await clients.close();
      })();
      return closed;
    },
  };
};

const toOutcome = (error: unknown): EventStoreError => {
  if (error instanceof EventStoreError) return error;
  throw error;
};
