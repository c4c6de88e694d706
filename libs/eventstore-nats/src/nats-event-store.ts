import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppendOutcomeUnknown,
  catchUpSubscription,
  EventStoreError,
  EventStoreUnavailable,
  streamMatcher,
  type AppendItem,
  type AppendOutcome,
  type EventStore,
} from '@hearth/eventing';
import { openSqliteEventReader, type SqliteEventReader } from '@hearth/eventstore-sqlite';
import { inFlight, type Messaging } from '@hearth/messaging';
import { watchLog } from './log-watch.ts';
import { presenceOf } from './presence.ts';
import { remoteAppend } from './remote-append.ts';
import { ERASE, errorOf, HELLO, type Hello, type Refusal } from './wire.ts';

export interface NatsEventStoreOptions {
  /** Stays the caller's: it is not closed with the store. */
  readonly messaging: Messaging;
  /** The log's file, the very one that the log process writes, on the same machine. */
  readonly file: string;
  /** How long an append may take when its answers get lost, in milliseconds (default 5,000). */
  readonly appendTimeoutMs?: number;
  /** How long to wait for a log that is not there yet, in milliseconds (default 30,000). */
  readonly openTimeoutMs?: number;
  /** How often a subscription looks for news that no announcement told of, in milliseconds (default 500). */
  readonly pollMs?: number;
}

/** An erasure waits for readers of the write-ahead log, which takes the log process up to 30 s. */
const ERASE_TIMEOUT_MS = 35_000;
const PAUSE_MS = 100;

/**
 * The log of a log process on the same machine: appends and erasures go to it as messages, reads and subscriptions come
 * straight from its file. An append is committed before it is answered, so every later read here sees it. Rejects with
 * `unavailable` where no log turns up, and with `store_inaccessible` where `file` is not the log that is written.
 */
export const natsEventStore = async ({
  messaging,
  file,
  appendTimeoutMs = 5_000,
  openTimeoutMs = 30_000,
  pollMs = 500,
}: NatsEventStoreOptions): Promise<EventStore> => {
  const reader = await openReader(file, openTimeoutMs);
  try {
    await checkSameLog(reader, messaging);
  } catch (error) {
    await reader.close();
    throw error;
  }
  const presence = presenceOf(messaging, ({ storeId }) => storeId === reader.storeId);
  await presence.ask();
  const closing = new AbortController();
  const work = inFlight();
  const append = remoteAppend({ messaging, presence, timeoutMs: appendTimeoutMs });
  const watch = watchLog({
    messaging,
    head: () => reader.head(),
    streamsBetween: (after, upTo) => reader.streamsBetween(after, upTo),
    pollMs,
    announced: () => presence.seen(),
  });
  let closed: Promise<void> | undefined;

  /** Runs a call that `close` has to wait for. */
  const whileOpen = <Result>(call: () => Promise<Result>): Promise<Result> => {
    if (closed) return Promise.reject(new EventStoreError('store_closed', 'The event store is closed'));
    const result = call();
    work.add(
      result.then(
        () => undefined,
        () => undefined,
      ),
    );
    return result;
  };
  const outcomeOf = (item: AppendItem): Promise<AppendOutcome> =>
    append(item).catch((error: unknown) => {
      if (error instanceof EventStoreError) return error;
      throw error;
    });

  const close = async () => {
    await work.idle();
    closing.abort();
    presence.stop();
    await watch.stop();
    await reader.close();
  };

  return {
    storeId: reader.storeId,
    append: (stream, events, { expectedRevision }) =>
      whileOpen(async () => {
        const outcome = await append({ stream, events, expectedRevision });
        if (outcome instanceof EventStoreError) throw outcome;
        return outcome;
      }),
    appendMany: (items) => whileOpen(() => Promise.all(items.map(outcomeOf))),
    readStream: (stream, options) => whileOpen(() => reader.readStream(stream, options)),
    readAll: (options) => whileOpen(() => reader.readAll(options)),
    head: () => whileOpen(() => reader.head()),
    subscribe: (options = {}) =>
      catchUpSubscription(
        {
          readAll: (page) => reader.readAll(page),
          onNews: (listener) => watch.onNews(listener, streamMatcher(options.filter)),
          closing: closing.signal,
          pauseBeforeRetry: (_, signal) => sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined),
        },
        options,
      ),
    eraseBefore: (stream, revision) => whileOpen(() => erase(messaging, stream, revision)),
    get availability() {
      return !closed && messaging.connected && presence.state === 'here' ? 'available' : 'unavailable';
    },
    close: () => (closed ??= close()),
  };
};

/** The log process makes the file when it first starts, which may be a moment after this. */
const openReader = async (file: string, timeoutMs: number): Promise<SqliteEventReader> => {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await openSqliteEventReader({ file });
    } catch (error) {
      const mayCome = error instanceof EventStoreError && error.code === 'unavailable';
      if (!mayCome || performance.now() >= endsAt) throw error;
      await sleep(PAUSE_MS);
    }
  }
};

/** A log process that is away is no reason to refuse: reads work without it. One that writes another log is. */
const checkSameLog = async ({ storeId, file }: SqliteEventReader, messaging: Messaging): Promise<void> => {
  const hello = await messaging.request<Hello>(HELLO, null, { timeoutMs: 1_000 }).catch(() => undefined);
  if (hello && hello.storeId !== storeId)
    throw new EventStoreError(
      'store_inaccessible',
      `${file} is log ${storeId}, but the log process writes log ${hello.storeId} in ${hello.file}; give both the same data folder`,
    );
};

const erase = async (messaging: Messaging, stream: string, revision: number): Promise<void> => {
  const reply = await messaging
    .request<{ readonly done: true } | Refusal>(ERASE, { stream, revision }, { timeoutMs: ERASE_TIMEOUT_MS })
    .catch((cause: unknown) => {
      throw new EventStoreUnavailable(
        `The log process did not confirm the erasure of ${stream}; erase again`,
        {
          cause,
        },
      );
    });
  if ('refused' in reply)
    throw reply.refused.code === 'outcome_unknown'
      ? new AppendOutcomeUnknown(reply.refused.message)
      : errorOf(reply);
};
