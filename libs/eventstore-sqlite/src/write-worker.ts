import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { checkpointsBehind, LAST_RESORT_PAGES } from './checkpoints.ts';
import { commitGroup, transactions } from './commit-group.ts';
import { upgradeLog } from './log-file.ts';
import { logWriter } from './log-writer.ts';
import { translated, translating } from './sqlite-errors.ts';
import {
  packError,
  packOutcomes,
  unpackAppends,
  type GroupOutcome,
  type PackedAppends,
  type WriteReply,
  type WriteRequest,
  type WriterSettings,
} from './write-protocol.ts';

/** The thread that writes the log: commits wait for the disk here, while the others go on. */

const { file, maxBytes, indexBatch = 65_536, checkpointPages = 4_000 } = workerData as WriterSettings;
const PAGE_SIZE = 4_096;
/** Streams: half a millisecond of work, which the next commit may have to wait for. */
const INDEX_SLICE = 256;

const open = (): DatabaseSync =>
  translating(file, () => {
    const db = new DatabaseSync(file, { timeout: 5_000 });
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = ${LAST_RESORT_PAGES};
      PRAGMA journal_size_limit = 67108864;
    `);
    if (maxBytes !== undefined)
      db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / PAGE_SIZE))}`);
    return db;
  });

/** Copies what the write-ahead log holds into the file and empties it. False while a reader still needs it. */
const truncateWal = (db: DatabaseSync): boolean => {
  // The connection's own patience would hold up every append.
  db.exec('PRAGMA busy_timeout = 20');
  try {
    return db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0;
  } finally {
    db.exec('PRAGMA busy_timeout = 5000');
  }
};

const serve = (port: NonNullable<typeof parentPort>): void => {
  const db = open();
  const writer = translating(file, () => {
    try {
      upgradeLog(db);
      truncateWal(db);
      return logWriter(db);
    } catch (error) {
      // Before it is told of: whoever looks at the file next finds nobody at it.
      db.close();
      throw error;
    }
  });
  const inTransaction = transactions(db, writer, file);
  const commit = commitGroup(inTransaction, writer, file);
  const checkpoints = checkpointsBehind(db, file, checkpointPages);

  const append = (appends: PackedAppends): { readonly group: GroupOutcome } => {
    const before = writer.head();
    const outcomes = packOutcomes(commit(unpackAppends(appends)));
    return { group: { before, head: writer.head(), outcomes } };
  };
  const answer = (request: Exclude<WriteRequest, { kind: 'close' }>): WriteReply => {
    switch (request.kind) {
      case 'append':
        return append(request.appends);
      case 'erase':
        return { done: inTransaction(() => writer.erase(request.stream, request.before)) };
      case 'truncate':
        return { done: truncateWal(db) };
    }
  };
  /** Nobody waits for it, and what a crash or a full disk takes of it is indexed anew. */
  const index = (write: () => void): void => {
    try {
      db.exec('PRAGMA synchronous = NORMAL');
      inTransaction(write);
    } catch {
      // The next append meets it too, and says so.
    } finally {
      db.exec('PRAGMA synchronous = FULL');
    }
  };
  /** Slices are far larger than the commits between them: each is a transaction of its own. */
  const indexBehind = ({ before, head }: GroupOutcome): void => {
    const { isWriting, size, writeSlice } = writer.index;
    if (isWriting || size >= indexBatch) index(() => writeSlice(Math.max(INDEX_SLICE, 4 * (head - before))));
  };
  const close = async (): Promise<WriteReply> => {
    await checkpoints.close();
    index(() => writer.index.write());
    db.close();
    return { done: true };
  };

  const failed = (error: unknown): WriteReply => ({ failed: packError(translated(error, file)) });

  port.on('message', (request: WriteRequest) => {
    if (request.kind === 'close')
      return void close()
        .catch(failed)
        .then((reply) => {
          port.postMessage(reply);
          port.close();
        });
    let reply: WriteReply;
    try {
      reply = answer(request);
    } catch (error) {
      reply = failed(error);
    }
    port.postMessage(reply);
    if (!('group' in reply) || reply.group.head === reply.group.before) return;
    try {
      indexBehind(reply.group);
      checkpoints.afterCommit();
    } catch {
      // What cannot be read now, the next append meets too, and says so.
    }
  });
  port.postMessage({ done: true } satisfies WriteReply);
};

if (parentPort)
  try {
    serve(parentPort);
  } catch (error) {
    parentPort.postMessage({ failed: packError(error) } satisfies WriteReply);
    parentPort.close();
  }
