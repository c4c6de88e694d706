import type { ReadModel } from '../application/read-model.ts';
import { rowWriter, selectRow } from './profile-rows.ts';
import { openFile } from './read-model-file.ts';
import { translating } from './sqlite-errors.ts';

/** Threads that write at one time take turns; a turn is some tenths of a second. */
const PATIENCE_MS = 60_000;
/** Nobody reads beside them, so the write-ahead log may grow: fewer pages are then carried over into the file again and again. */
const CHECKPOINT_PAGES = 16_000;

/**
 * A read model as it is built, by one or by several threads, each with the users of other partitions. It reads and writes on
 * one connection, without a thread between: there is nobody to answer meanwhile. How far the log is folded is not for one of
 * them to say, and what overwritten rows leave behind is cleared away once all are done.
 */
export const shareReadModel = (file: string): Pick<ReadModel, 'row' | 'write'> & { close(): void } =>
  translating(file, () => {
    const database = openFile(file);
    database.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    const write = rowWriter(database, () => false);
    const row = selectRow(database);
    return {
      row: (brazeId) => translating(file, () => row(brazeId)),
      write: async (rows, _checkpoint, derived) => translating(file, () => write(rows, undefined, derived)),
      close: () => database.close(),
    };
  });
