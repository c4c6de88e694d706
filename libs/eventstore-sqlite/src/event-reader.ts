import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventStoreUnavailable, type EventStore, type Position } from '@hearth/eventing';
import { checkHeader, readStoreId } from './log-file.ts';
import { closedError, logReader } from './log-reader.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { translating } from './sqlite-errors.ts';

/** What a process that does not write the log can do with its file. */
export interface SqliteEventReader extends Pick<
  EventStore,
  'storeId' | 'readStream' | 'readAll' | 'head' | 'close'
> {
  readonly file: string;
  /**
   * The streams that the events after one position and up to another belong to; undefined where these are so many that
   * looking through them would hold up everything else.
   */
  readonly streamsBetween: (after: Position, upTo: Position) => ReadonlySet<string> | undefined;
}

/**
 * Opens a log read-only, beside the process that writes it; each call sees everything committed before it. Throws
 * `unavailable` while the file is not there yet, and `store_damaged`, `store_newer` or `store_inaccessible`.
 */
export const openSqliteEventReader = async (options: {
  readonly file: string;
}): Promise<SqliteEventReader> => {
  const file = resolve(options.file);
  if (!statSync(file, { throwIfNoEntry: false }))
    throw new EventStoreUnavailable(`The event log ${file} is not there yet; its writer creates it`);
  if (checkHeader(file) < SCHEMA_VERSION)
    throw new EventStoreUnavailable(`The event log ${file} is of an earlier version; its writer upgrades it`);
  const db = translating(file, () => new DatabaseSync(file, { readOnly: true, timeout: 5_000 }));
  let isClosed = false;
  try {
    const storeId = readStoreId(db, file);
    const { readStream, readAll, head, streamsBetween } = logReader(db, storeId, file, () => {
      if (isClosed) throw closedError(file);
    });
    return {
      storeId,
      file,
      readStream,
      readAll,
      head,
      streamsBetween,
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        db.close();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
};
