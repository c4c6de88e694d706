import type { DatabaseSync } from 'node:sqlite';
import type { DerivedRows, ReadModel } from '../application/read-model.ts';

/** Writes what hangs on rows into its tables; needs an open transaction. Throws what SQLite throws. */
export const derivedWriter = (database: DatabaseSync): ((derived: DerivedRows) => void) => {
  const addIdentifier = database.prepare('INSERT OR IGNORE INTO identifiers (key, braze_id) VALUES (?, ?)');
  const removeIdentifier = database.prepare('DELETE FROM identifiers WHERE key = ? AND braze_id = ?');
  const countName = database.prepare(`
    INSERT INTO names (kind, name, profiles) VALUES (?, ?, ?)
    ON CONFLICT (kind, name) DO UPDATE SET profiles = profiles + excluded.profiles`);
  const dropName = database.prepare('DELETE FROM names WHERE kind = ? AND name = ? AND profiles <= 0');

  return ({ addedIdentifiers, removedIdentifiers, nameCounts }) => {
    for (const [key, brazeId] of removedIdentifiers) removeIdentifier.run(key, brazeId);
    for (const [key, brazeId] of addedIdentifiers) addIdentifier.run(key, brazeId);
    for (const { kind, name, change } of nameCounts) {
      countName.run(kind, name, change);
      if (change < 0) dropName.run(kind, name);
    }
  };
};

/** Looks into the tables that hang on rows. Throws what SQLite throws. */
export const derivedReads = (database: DatabaseSync): Pick<ReadModel, 'byIdentifier' | 'names'> => {
  const selectIdentifier = database.prepare('SELECT braze_id FROM identifiers WHERE key = ?');
  // Text compares by its bytes in UTF-8, which is the order of code points. No name is empty.
  const selectNames = database.prepare(
    'SELECT name FROM names WHERE kind = ? AND name > ? ORDER BY name LIMIT ?',
  );
  return {
    byIdentifier: (key) => selectIdentifier.all(key).map(({ braze_id }) => String(braze_id)),
    names: (kind, after, limit) => selectNames.all(kind, after ?? '', limit).map(({ name }) => String(name)),
  };
};
