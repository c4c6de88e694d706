import { laterPosition, type Position } from '@hearth/eventing';
import type { DatabaseSync } from 'node:sqlite';
import type { DerivedRows, ProfileRow, StandingRow } from '../application/read-model.ts';
import { derivedWriter } from './derived-tables.ts';

/** The columns of `profiles`, in the order of a row's values. */
export const COLUMNS = 'braze_id, revision, position, updated_at, external_id, email, phone, document';

/** Looks for the row of a user. Throws what SQLite throws. */
export const selectRow = (database: DatabaseSync): ((brazeId: string) => StandingRow | undefined) => {
  const select = database.prepare(
    'SELECT braze_id, revision, position, document FROM profiles WHERE braze_id = ?',
  );
  return (brazeId) => select.get(brazeId) as unknown as StandingRow | undefined;
};

/** Writes rows, what hangs on them, and the checkpoint where one is given, in one transaction: all or nothing. */
export type WriteRows = (rows: readonly ProfileRow[], checkpoint?: Position, derived?: DerivedRows) => void;

/** `isBuilt` says whether the indexes stand: a build from nothing only inserts. */
export const rowWriter = (database: DatabaseSync, isBuilt: () => boolean): WriteRows => {
  const upsertRow = database.prepare(`
    INSERT INTO profiles (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (braze_id) DO UPDATE SET revision = excluded.revision, position = excluded.position,
      updated_at = excluded.updated_at, external_id = excluded.external_id, email = excluded.email,
      phone = excluded.phone, document = excluded.document`);
  const updateRow = database.prepare(`
    UPDATE profiles SET revision = ?, position = ?, updated_at = ?, document = ?
    WHERE braze_id = ? AND external_id IS ? AND email IS ? AND phone IS ?`);
  // Positions of one log compare as text. Threads of a rebuild write to one file: none of them puts back what another set.
  const upsertMeta = database.prepare(`
    INSERT INTO meta (key, value) VALUES (?, ?)
    ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value)`);
  const selectFurthest = database.prepare(`SELECT value FROM meta WHERE key = 'furthest'`);
  const writeDerived = derivedWriter(database);
  let furthest = selectFurthest.get()?.['value'] as Position | undefined;

  /** Most writes leave the identifiers alone, and so every index. False where there is no such row. */
  const updateKnown = (row: ProfileRow): boolean =>
    updateRow.run(
      row.revision,
      row.position,
      row.updated_at,
      row.document,
      row.braze_id,
      row.external_id,
      row.email,
      row.phone,
    ).changes === 1;

  const writeAll: WriteRows = (rows, checkpoint, derived) => {
    let last = furthest;
    for (const row of rows) {
      last = laterPosition(last, row.position);
      if (isBuilt() && updateKnown(row)) continue;
      upsertRow.run(
        row.braze_id,
        row.revision,
        row.position,
        row.updated_at,
        row.external_id,
        row.email,
        row.phone,
        row.document,
      );
    }
    if (derived !== undefined) writeDerived(derived);
    if (last !== undefined && last !== furthest) upsertMeta.run('furthest', last);
    if (checkpoint !== undefined) upsertMeta.run('checkpoint', checkpoint);
    database.exec('COMMIT');
    furthest = last;
  };

  return (rows, checkpoint, derived) => {
    database.exec('BEGIN IMMEDIATE');
    try {
      writeAll(rows, checkpoint, derived);
    } finally {
      if (database.isTransaction) database.exec('ROLLBACK');
    }
  };
};
