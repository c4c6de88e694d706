import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventStoreError } from '@hearth/eventing';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION, UPGRADES } from './schema.ts';
import { translating } from './sqlite-errors.ts';

const inaccessible = (file: string, cause: unknown): EventStoreError =>
  new EventStoreError(
    'store_inaccessible',
    `The event log ${file} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );

const accessing = <Result>(file: string, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw error instanceof EventStoreError ? error : inaccessible(file, error);
  }
};

const sizeOf = (file: string): number | undefined => {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats && !stats.isFile()) throw inaccessible(file, 'it is not a file');
  return stats?.size;
};

const damaged = (file: string, detail: string): EventStoreError =>
  new EventStoreError('store_damaged', `The event log ${file} ${detail}`);

/** Makes the folder, and says whether the log is there. Throws `store_inaccessible` where neither could be written. */
export const prepareFolder = (file: string): { exists: boolean } =>
  accessing(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    const exists = sizeOf(file) !== undefined;
    accessSync(dirname(file), constants.W_OK);
    for (const path of [file, `${file}-wal`, `${file}.lock`])
      if (sizeOf(path) !== undefined) accessSync(path, constants.R_OK | constants.W_OK);
    return { exists };
  });

/** Creates an empty log under another name and moves it into place when it is complete: a crash leaves all or nothing. */
export const createLog = (file: string, storeId: string): void => {
  if ((sizeOf(`${file}-wal`) ?? 0) > 0)
    throw damaged(file, `is missing, but its write-ahead log ${file}-wal is there; put the file back`);
  const draft = `${file}.new`;
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${ending}`, { force: true });
  translating(file, () => {
    const db = new DatabaseSync(draft);
    try {
      const mode = db.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode;
      if (mode !== 'wal')
        throw inaccessible(file, 'its file system has no shared memory for write-ahead logs');
      db.exec(`PRAGMA synchronous = FULL; BEGIN; ${SCHEMA}`);
      db.prepare('INSERT INTO store (id) VALUES (?)').run(storeId);
      db.exec('COMMIT');
    } finally {
      db.close();
    }
  });
  accessing(file, () => {
    renameSync(draft, file);
    const folder = openSync(dirname(file), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  });
};

const MAGIC = 'SQLite format 3\0';

/**
 * Looks at the first bytes of a log without letting SQLite near it, which might change a file it does not understand.
 * Answers its version. Throws `store_damaged`, or `store_newer` for a file of a later Hearth.
 */
export const checkHeader = (file: string): number => {
  const header = Buffer.alloc(100);
  const length = accessing(file, () => {
    const opened = openSync(file, 'r');
    try {
      return readSync(opened, header, 0, 100, 0);
    } finally {
      closeSync(opened);
    }
  });
  if (length === 0)
    throw damaged(file, 'is empty; restore it from a backup, or delete it to begin a new log');
  if (
    length < 100 ||
    header.toString('latin1', 0, 16) !== MAGIC ||
    header.readUInt32BE(68) !== APPLICATION_ID
  )
    throw damaged(file, 'is not a Hearth log, or its header was overwritten; restore it from a backup');
  const version = header.readUInt32BE(60);
  if (version > SCHEMA_VERSION)
    throw new EventStoreError(
      'store_newer',
      `The event log ${file} has version ${version}, this Hearth knows up to ${SCHEMA_VERSION}; use a newer Hearth`,
    );
  if (version < 1) throw damaged(file, `claims to have version ${version}, which never was`);
  return version;
};

/** Brings a log of an earlier version to the present one, whole or not at all. */
export const upgradeLog = (db: DatabaseSync): void => {
  const version = db.prepare('PRAGMA user_version').get()?.['user_version'] as number;
  const steps = UPGRADES.slice(version - 1);
  if (steps.length > 0) db.exec(`BEGIN IMMEDIATE; ${steps.join('')} COMMIT;`);
};

/** The id of the store in an open log. Throws `store_damaged` where there is none. */
export const readStoreId = (db: DatabaseSync, file: string): string => {
  const id = translating(file, () => db.prepare('SELECT id FROM store').get()?.id);
  if (typeof id !== 'string' || !/^[0-9a-f]{8}$/.test(id)) throw damaged(file, 'has no store id');
  return id;
};
