import { existsSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ReadModelError } from '../application/read-model.ts';
import { translating } from './sqlite-errors.ts';

/** The layout of the file. A file of a later one is refused; of an earlier one, rebuilt. */
export const FILE_FORMAT = 2;

/** What a file says about itself. */
export interface FileMeta {
  readonly format: string;
  readonly fold: string;
  readonly store: string;
  readonly partitions: string;
  /** How far the log is folded. */
  readonly checkpoint?: string;
  /** The furthest position of any row: rows may be ahead of the checkpoint. */
  readonly furthest?: string;
}

const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE profiles (
    braze_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    position TEXT NOT NULL,
    updated_at TEXT,
    external_id TEXT,
    email TEXT,
    phone TEXT,
    document TEXT NOT NULL
  ) STRICT;
  -- What users are found by beside what their rows have columns for: deprecated external ids, aliases, devices.
  CREATE TABLE identifiers (
    key TEXT NOT NULL,
    braze_id TEXT NOT NULL,
    PRIMARY KEY (key, braze_id)
  ) STRICT, WITHOUT ROWID;
  -- How many profiles carry a name: custom events, products.
  CREATE TABLE names (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    profiles INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
  ) STRICT, WITHOUT ROWID;
`;

/** What look-ups need and a build from nothing does without. */
export const indexes = `
  CREATE INDEX IF NOT EXISTS profiles_by_external_id ON profiles (external_id) WHERE external_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS profiles_by_email ON profiles (email) WHERE email IS NOT NULL;
  CREATE INDEX IF NOT EXISTS profiles_by_phone ON profiles (phone) WHERE phone IS NOT NULL;
`;

/** Bytes of a page. Profiles are updated one here, one there: small pages mean that less is written for each. */
export const PAGE_SIZE = 4_096;

/** The name of the file in a data folder. */
export const PROFILES_FILE = 'profiles.db';

/** Opens the file. It can be rebuilt, so it is synced when the write-ahead log is folded in, not at each commit. */
export const openFile = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    database.exec(`
      PRAGMA page_size = ${PAGE_SIZE};
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA secure_delete = ON;
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = 4000; -- more at once would keep the disk from others for long
      PRAGMA journal_size_limit = 67108864;
      BEGIN IMMEDIATE; ROLLBACK; -- says at once where it cannot be written to
    `);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** Makes a file that says what it is for, whole or not at all. */
export const createFile = (file: string, meta: FileMeta): DatabaseSync => {
  const database = openFile(file);
  database.exec(`BEGIN IMMEDIATE; ${schema}`);
  const insert = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
  for (const [key, value] of Object.entries(meta)) insert.run(key, value as string);
  database.exec('COMMIT');
  return database;
};

/** Deletes the file and what SQLite keeps beside it. */
export const deleteFile = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
};

/** Reads what a file says about itself. Undefined where there is none, or nothing in it yet. Throws `ReadModelError`. */
export const readMeta = (file: string): FileMeta | undefined => {
  if (!existsSync(file)) return undefined;
  return translating(file, () => {
    const database = new DatabaseSync(file, { timeout: 5_000 });
    try {
      const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
      if (tables.length === 0) return undefined;
      if (!['meta', 'profiles'].every((name) => tables.some((table) => table['name'] === name)))
        throw new ReadModelError(
          'read_model_foreign',
          `${file} is a database of something else; move it away, or set HEARTH_DATA_DIR to another folder`,
        );
      const entries = database.prepare('SELECT key, value FROM meta').all();
      return Object.fromEntries(entries.map(({ key, value }) => [key, value])) as unknown as FileMeta;
    } finally {
      database.close();
    }
  });
};
