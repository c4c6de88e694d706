import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import {
  catchUpSubscription,
  encodeAppend,
  type EventStoreError,
  EventStoreUnavailable,
  positionAt,
  type AppendItem,
  type AppendOutcome,
  type BufferLimits,
  type EventStore,
  type Position,
} from '@hearth/eventing';
import { closedError, logReader } from './log-reader.ts';
import { checkHeader, createLog, prepareFolder, readStoreId } from './log-file.ts';
import { groupCommit, type Outcome } from './group-commit.ts';
import { logNews } from './log-news.ts';
import type { EncodedAppend } from './log-writer.ts';
import { readThreads } from './read-threads.ts';
import { translating } from './sqlite-errors.ts';
import type { WriterPace } from './write-protocol.ts';
import { startWriteThread, type WriteThread } from './write-thread.ts';
import { takeWriterLock } from './writer-lock.ts';

export interface SqliteEventStoreOptions {
  /** The log. It is created where it is missing; `-wal`, `-shm` and `.lock` files lie beside it. */
  readonly file: string;
  /** The log's file grows no further than this; appends then answer `store_full`. Without it: as far as the disk goes. */
  readonly maxBytes?: number;
  /** What a live subscription may hold for a slow consumer before it reads from disk again. */
  readonly subscriptionBuffer?: Partial<BufferLimits>;
  /** Gives the id of a new store, eight hex digits; random where it is left out. */
  readonly newStoreId?: () => string;
  readonly pace?: LogPace;
  /** How long an erasure waits for readers that hold on to the write-ahead log, in milliseconds (default 30,000). */
  readonly eraseTimeoutMs?: number;
}

/** What is done when; the defaults suit logs of any size. */
export interface LogPace extends WriterPace {
  /** How many newest events of streams are looked up before threads are started that do so (default 1,000). */
  readonly readsBeforeThreads?: number;
}

/** The writing store of a file. `node:sqlite` gives no warning on the Node that Hearth brings along, and a spec sees to it. */
export interface SqliteEventStore extends EventStore {
  readonly file: string;
  /** Calls back with the new head after each commit that added events, before their appends are answered; it must not throw. */
  onCommitted(listener: (head: Position) => void): () => void;
}

const randomStoreId = (): string => randomBytes(4).toString('hex');

/**
 * Opens the log for writing; one process at a time can (`store_in_use` for the next). Throws `store_damaged`,
 * `store_newer` or `store_inaccessible`, and then has changed nothing.
 */
export const openSqliteEventStore = async (options: SqliteEventStoreOptions): Promise<SqliteEventStore> => {
  const file = resolve(options.file);
  const { exists } = prepareFolder(file);
  if (exists) checkHeader(file);
  const release = takeWriterLock(file);
  let thread: WriteThread | undefined;
  try {
    if (!prepareFolder(file).exists) createLog(file, (options.newStoreId ?? randomStoreId)());
    checkHeader(file);
    const { maxBytes, pace } = options;
    thread = await startWriteThread({ file, ...(maxBytes !== undefined && { maxBytes }), ...pace });
    return storeOver(openForReading(file), thread, file, release, options);
  } catch (error) {
    await thread?.close();
    release();
    throw error;
  }
};

const openForReading = (file: string): DatabaseSync =>
  translating(file, () => {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    db.exec('PRAGMA cache_size = -65536');
    return db;
  });

const storeOver = (
  db: DatabaseSync,
  thread: WriteThread,
  file: string,
  release: () => void,
  { subscriptionBuffer, eraseTimeoutMs = 30_000, pace }: SqliteEventStoreOptions,
): SqliteEventStore => {
  const storeId = readStoreId(db, file);
  const closing = new AbortController();
  const isClosed = (): boolean => closing.signal.aborted;
  const checkOpen = (): void => {
    if (isClosed()) throw closedError(file);
  };
  const reads = readThreads(file, pace?.readsBeforeThreads);
  const reader = logReader(db, storeId, file, checkOpen, reads.readElsewhere);
  const news = logNews(storeId);
  const commits = groupCommit(thread, news);
  let erasing: Promise<void> = Promise.resolve();

  const settled = (outcome: Outcome): AppendOutcome =>
    outcome instanceof Error
      ? outcome
      : { revision: outcome.revision, position: positionAt(storeId, outcome.offset) };

  /** Those that can be stored at all. What becomes of the others is noted at their places. */
  const encoded = (items: readonly AppendItem[], outcomes: AppendOutcome[]): readonly EncodedAppend[] => {
    const appends: EncodedAppend[] = [];
    for (let index = 0; index < items.length; index += 1) {
      const { stream, expectedRevision } = items[index]!;
      try {
        appends.push({ stream, expectedRevision, events: encodeAppend(items[index]!) });
      } catch (error) {
        outcomes[index] = error as EventStoreError;
      }
    }
    return appends;
  };

  const scrub = async (): Promise<void> => {
    for (let waited = 0; !(await thread.truncate()); waited += 70) {
      if (waited >= eraseTimeoutMs || isClosed())
        throw new EventStoreUnavailable(
          `Events were erased from ${file}, but a reader keeps the write-ahead log with their bytes in use; erase again`,
        );
      await pause(50);
    }
  };

  return {
    storeId,
    file,
    ...reader,
    append: async (stream, events, { expectedRevision }) => {
      checkOpen();
      const append = {
        stream,
        expectedRevision,
        events: encodeAppend({ stream, events, expectedRevision }),
      };
      return new Promise((done, fail) =>
        commits.add([append], ([first]) => {
          const outcome = settled(first!);
          if (outcome instanceof Error) fail(outcome);
          else done(outcome);
        }),
      );
    },
    appendMany: async (items) => {
      checkOpen();
      const outcomes = new Array<AppendOutcome>(items.length);
      const appends = encoded(items, outcomes);
      if (appends.length === 0) return outcomes;
      return new Promise((done) =>
        commits.add(appends, (stored) => {
          let at = 0;
          for (let index = 0; index < outcomes.length; index += 1) outcomes[index] ??= settled(stored[at++]!);
          done(outcomes);
        }),
      );
    },
    subscribe: (subscribeOptions) =>
      catchUpSubscription(
        {
          readAll: reader.readAll,
          onNews: news.listen,
          closing: closing.signal,
          ...(subscriptionBuffer && { buffer: subscriptionBuffer }),
        },
        subscribeOptions,
      ),
    eraseBefore: async (stream, revision) => {
      checkOpen();
      if (!Number.isSafeInteger(revision)) throw new RangeError(`${revision} is not a revision`);
      const work = erasing.then(async () => {
        commits.flush();
        await thread.erase(stream, revision);
        news.rewritten();
        await scrub();
      });
      erasing = work.catch(() => undefined);
      return work;
    },
    onCommitted: news.onHead,
    get availability() {
      return isClosed() || thread.isGone ? 'unavailable' : 'available';
    },
    close: async () => {
      if (isClosed()) return erasing;
      commits.flush();
      closing.abort();
      const closed = erasing.then(async () => {
        try {
          // The writer is the last to close: that folds the write-ahead log in.
          db.close();
          await reads.close();
          await thread.close();
        } finally {
          release();
        }
      });
      erasing = closed;
      return closed;
    },
  };
};
