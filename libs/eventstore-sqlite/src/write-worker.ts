import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { commitGroup, transactions } from './commit-group.ts';
import { upgradeLog } from './log-file.ts';
import { logWriter } from './log-writer.ts';
import { translated, translating } from './sqlite-errors.ts';
import {
  packError,
  packOutcomes,
  unpackAppends,
  type PackedAppends,
  type WriteReply,
  type WriteRequest,
  type WriterSettings,
} from './write-protocol.ts';

/** The thread that writes the log: commits wait for the disk here, while the others go on. */

const { file, maxBytes } = workerData as WriterSettings;
const PAGE_SIZE = 4_096;
/** Some milliseconds of work, in which hardly a page of the index is visited twice. */
const INDEX_BATCH = 2_048;

const open = (): DatabaseSync =>
  translating(file, () => {
    const db = new DatabaseSync(file, { timeout: 5_000 });
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = 4000;
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

  const append = (appends: PackedAppends): WriteReply => {
    const before = writer.head();
    const outcomes = packOutcomes(commit(unpackAppends(appends)));
    return { group: { before, head: writer.head(), outcomes } };
  };
  const answer = (request: WriteRequest): WriteReply => {
    switch (request.kind) {
      case 'append':
        return append(request.appends);
      case 'erase':
        return { done: inTransaction(() => writer.erase(request.stream, request.before)) };
      case 'truncate':
        return { done: truncateWal(db) };
      case 'close':
        if (writer.unindexed > 0) inTransaction(() => writer.index());
        db.close();
        return { done: true };
    }
  };

  /** After the answer, so that nobody waits for it; what a crash takes of it is indexed anew. */
  const indexBehind = (): void => {
    if (writer.unindexed < INDEX_BATCH) return;
    try {
      db.exec('PRAGMA synchronous = NORMAL');
      inTransaction(() => writer.index());
    } catch {
      // A full disk, say: the next append meets it too, and says so.
    } finally {
      db.exec('PRAGMA synchronous = FULL');
    }
  };

  port.on('message', (request: WriteRequest) => {
    let reply: WriteReply;
    try {
      reply = answer(request);
    } catch (error) {
      reply = { failed: packError(translated(error, file)) };
    }
    port.postMessage(reply);
    if (request.kind === 'append') indexBehind();
    if (request.kind === 'close') port.close();
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
