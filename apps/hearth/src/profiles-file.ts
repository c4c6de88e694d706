import { DatabaseSync } from 'node:sqlite';
import type { BrazeId } from '@hearth/contracts';

/** What a command reads of the file that a projection keeps its profiles in, also while that runs. */
export interface ProfilesFile {
  /** The log that it was folded from. */
  readonly storeId: string | undefined;
  /** How far that log was folded; undefined where it was not yet. Rows may be ahead of it. */
  readonly checkpoint: string | undefined;
  /** How many events its profiles were folded from, erased ones counted. */
  events(): number;
  /** Whose row carries an email or phone. */
  holders(kind: 'email' | 'phone', value: string): readonly BrazeId[];
  close(): void;
}

/** Opens the file read-only. Throws where it is missing, damaged or of another make. */
export const openProfilesFile = (file: string): ProfilesFile => {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const meta = new Map(
      database
        .prepare('SELECT key, value FROM meta')
        .all()
        .map(({ key, value }) => [String(key), String(value)]),
    );
    return {
      storeId: meta.get('store'),
      checkpoint: meta.get('checkpoint'),
      events: () =>
        Number(database.prepare('SELECT total(revision + 1) AS events FROM profiles').get()?.events ?? 0),
      holders: (kind, value) =>
        database
          .prepare(`SELECT braze_id FROM profiles WHERE ${kind} = ?`)
          .all(value)
          .map(({ braze_id }) => String(braze_id)),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
};

/** Carries everything that lies beside a file over into it, so that it can be moved by its name alone. */
export const settleDatabase = (file: string): void => {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    // The last connection that can write takes the files beside it along.
    database.close();
  }
};
