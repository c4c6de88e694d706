import { type Position, comparePositions, laterPosition, parsePosition } from '@hearth/eventing';
import type { DatabaseSync } from 'node:sqlite';
import {
  ReadModelError,
  type CandidateRow,
  type ProfileRow,
  type ReadModel,
} from '../application/read-model.ts';
import { lockFile } from './file-lock.ts';
import {
  createFile,
  deleteFile,
  FILE_FORMAT,
  indexes,
  openFile,
  PAGE_SIZE,
  readMeta,
  type FileMeta,
} from './read-model-file.ts';
import { translating } from './sqlite-errors.ts';

export interface OpenReadModel {
  readonly file: string;
  /** The version of the fold that fills it; a read model of an earlier one is rebuilt. */
  readonly foldVersion: number;
  readonly storeId: string;
  /** The head of the log now. */
  readonly head: Position;
  /** The partitions whose users it holds, as a range list. */
  readonly partitions: string;
  /** The file grows no further than this many bytes. Without it: as far as the disk goes. */
  readonly maxBytes?: number;
  /** Told why a file that was there is thrown away and built anew. */
  readonly onRebuild: (reason: string) => void;
}

/**
 * Opens the read model in a SQLite file, or makes it. One whose content this log and this fold would not give is thrown
 * away: the log is the truth. Throws a `ReadModelError` where the file is a newer Hearth's, something else's, in use, or
 * cannot be written to.
 */
export const openReadModel = (options: OpenReadModel): ReadModel => {
  const { file } = options;
  const lock = lockFile(file);
  let database: DatabaseSync | undefined;
  try {
    const meta = reusableMeta(options);
    database = translating(file, () => (meta ? openFile(file) : createFile(file, metaOf(options))));
    if (options.maxBytes !== undefined)
      database.exec(`PRAGMA max_page_count = ${Math.ceil(options.maxBytes / PAGE_SIZE)}`);
    return readModelOn(file, database, meta, lock);
  } catch (error) {
    if (database?.isOpen) database.close();
    lock.release();
    throw error;
  }
};

const metaOf = ({ foldVersion, storeId, partitions }: OpenReadModel): FileMeta => ({
  format: String(FILE_FORMAT),
  fold: String(foldVersion),
  store: storeId,
  partitions,
});

/** The meta data of a file that can be gone on with; deletes one that cannot. */
const reusableMeta = (options: OpenReadModel): FileMeta | undefined => {
  const { file, onRebuild } = options;
  let reason: string | undefined;
  let meta: FileMeta | undefined;
  try {
    meta = readMeta(file);
    reason = meta && rebuildReason(meta, options);
  } catch (error) {
    if (!(error instanceof ReadModelError) || error.code !== 'read_model_damaged') throw error;
    reason = 'it is damaged';
  }
  if (reason !== undefined) onRebuild(reason);
  if (meta !== undefined && reason === undefined) return meta;
  deleteFile(file);
  return undefined;
};

const rebuildReason = (meta: FileMeta, options: OpenReadModel): string | undefined => {
  const { file, foldVersion, storeId, head, partitions } = options;
  const [format, fold] = [Number(meta.format), Number(meta.fold)];
  if (format > FILE_FORMAT || fold > foldVersion)
    throw new ReadModelError(
      'read_model_newer',
      `${file} was written by a newer Hearth (format ${format}, fold ${fold}; this one knows ${FILE_FORMAT} and ` +
        `${foldVersion}). Start that version again, or delete the file: it is rebuilt from the log`,
    );
  if (format < FILE_FORMAT) return 'its format is an older one';
  if (fold < foldVersion) return `it was folded by an older version (${fold}, now ${foldVersion})`;
  if (meta.store !== storeId) return `it belongs to another log (${meta.store}, now ${storeId})`;
  if (meta.partitions !== partitions)
    return `it holds other partitions (${meta.partitions}, now ${partitions})`;
  return isBeyond(meta.furthest, head) || isBeyond(meta.checkpoint, head)
    ? 'it is ahead of the log, which was put back to an earlier state'
    : undefined;
};

const isBeyond = (position: string | undefined, head: Position): boolean =>
  position !== undefined && comparePositions(parsePosition(position).position, head) > 0;

const readModelOn = (
  file: string,
  database: DatabaseSync,
  meta: FileMeta | undefined,
  lock: { release(): void },
): ReadModel => {
  const columns = 'braze_id, revision, position, updated_at, external_id, email, phone, document';
  const selectRow = database.prepare(`SELECT ${columns} FROM profiles WHERE braze_id = ?`);
  const selectBy = (column: 'email' | 'phone') =>
    database.prepare(
      `SELECT braze_id, revision, position, updated_at, external_id FROM profiles WHERE ${column} = ?`,
    );
  const selectCandidates = { email: selectBy('email'), phone: selectBy('phone') };
  const upsertRow = database.prepare(`
    INSERT INTO profiles (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (braze_id) DO UPDATE SET revision = excluded.revision, position = excluded.position,
      updated_at = excluded.updated_at, external_id = excluded.external_id, email = excluded.email,
      phone = excluded.phone, document = excluded.document`);
  const updateRow = database.prepare(`
    UPDATE profiles SET revision = ?, position = ?, updated_at = ?, document = ?
    WHERE braze_id = ? AND external_id IS ? AND email IS ? AND phone IS ?`);
  const upsertMeta = database.prepare(`
    INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
  let furthest = meta?.furthest as Position | undefined;
  let isBuilt = meta?.furthest !== undefined;

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

  const writeAll = (rows: readonly ProfileRow[], checkpoint: Position | undefined): void => {
    let last = furthest;
    for (const row of rows) {
      last = laterPosition(last, row.position);
      if (isBuilt && updateKnown(row)) continue;
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
    if (last !== undefined && last !== furthest) upsertMeta.run('furthest', last);
    if (checkpoint !== undefined) upsertMeta.run('checkpoint', checkpoint);
    database.exec('COMMIT');
    furthest = last;
  };

  return {
    checkpoint: meta?.checkpoint as Position | undefined,
    isEmpty: meta?.furthest === undefined,
    row: (brazeId) => translating(file, () => selectRow.get(brazeId) as unknown as ProfileRow | undefined),
    candidates: (kind, value) =>
      translating(file, () => selectCandidates[kind].all(value) as unknown as CandidateRow[]),
    write: (rows, checkpoint) =>
      translating(file, () => {
        database.exec('BEGIN IMMEDIATE');
        try {
          writeAll(rows, checkpoint);
        } finally {
          if (database.isTransaction) database.exec('ROLLBACK');
        }
      }),
    finishBuild: () =>
      translating(file, () => {
        database.exec(indexes);
        isBuilt = true;
      }),
    scrub: () =>
      translating(file, () => {
        // Somebody who reads the file holds it up; the connection's own patience would block the whole process.
        database.exec('PRAGMA busy_timeout = 20');
        const result = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
        database.exec('PRAGMA busy_timeout = 5000');
        return result?.['busy'] === 0;
      }),
    close: () => {
      if (database.isOpen) translating(file, () => database.close());
      lock.release();
    },
    discard: () => {
      if (database.isOpen) database.close();
      deleteFile(file);
      lock.release();
    },
  };
};
