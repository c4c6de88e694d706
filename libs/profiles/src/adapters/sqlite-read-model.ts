import { type Position, comparePositions, parsePosition } from '@hearth/eventing';
import type { DatabaseSync } from 'node:sqlite';
import {
  ReadModelError,
  type CandidateRow,
  type ProfileRow,
  type ReadModel,
} from '../application/read-model.ts';
import { derivedReads } from './derived-tables.ts';
import { lockFile } from './file-lock.ts';
import { createFile, deleteFile, FILE_FORMAT, openFile, readMeta, type FileMeta } from './read-model-file.ts';
import { COLUMNS, selectRow } from './profile-rows.ts';
import { rowThreads } from './row-threads.ts';
import { translating } from './sqlite-errors.ts';
import { startWriteThread, type WriteThread } from './write-thread.ts';

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
  /** How many rows are looked up before threads are started that do so (default 1,000). */
  readonly readsBeforeThreads?: number;
  /** Told why a file that was there is thrown away and built anew. */
  readonly onRebuild: (reason: string) => void;
}

/**
 * Opens the read model in a SQLite file, or makes it. One whose content this log and this fold would not give is thrown
 * away: the log is the truth. Throws a `ReadModelError` where the file is a newer Hearth's, something else's, in use, or
 * cannot be written to.
 */
export const openReadModel = async (options: OpenReadModel): Promise<ReadModel> => {
  const { file, readsBeforeThreads } = options;
  const lock = lockFile(file);
  let database: DatabaseSync | undefined;
  try {
    const meta = reusableMeta(options);
    database = translating(file, () => (meta ? openFile(file) : createFile(file, metaOf(options))));
    const { maxBytes } = options;
    const thread = await startWriteThread({ file, ...(maxBytes !== undefined && { maxBytes }) });
    return readModelOn(file, database, meta, thread, lock, readsBeforeThreads);
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
  thread: WriteThread,
  lock: { release(): void },
  readsBeforeThreads: number | undefined,
): ReadModel => {
  const rowOf = selectRow(database);
  const selectBy = (column: 'email' | 'phone') =>
    database.prepare(
      `SELECT braze_id, revision, position, updated_at, external_id FROM profiles WHERE ${column} = ?`,
    );
  const selectCandidates = { email: selectBy('email'), phone: selectBy('phone') };
  const selectByExternalId = database.prepare('SELECT braze_id FROM profiles WHERE external_id = ?');
  const selectRowsAfter = database.prepare(
    `SELECT ${COLUMNS} FROM profiles WHERE braze_id > ? ORDER BY braze_id LIMIT ?`,
  );
  const derived = derivedReads(database);
  const threads = rowThreads(file, readsBeforeThreads);

  let ending: Promise<void> | undefined;
  /** This connection closes last, and so folds the write-ahead log in. */
  const end = async (afterwards: () => void): Promise<void> => {
    try {
      await threads.close();
      await thread.close();
      if (database.isOpen) translating(file, () => database.close());
      afterwards();
    } finally {
      lock.release();
    }
  };

  return {
    checkpoint: meta?.checkpoint as Position | undefined,
    furthest: meta?.furthest as Position | undefined,
    row: (brazeId) => translating(file, () => rowOf(brazeId)),
    rowElsewhere: threads.rowElsewhere,
    candidates: (kind, value) =>
      translating(file, () => selectCandidates[kind].all(value) as unknown as CandidateRow[]),
    byExternalId: (externalId) =>
      translating(file, () => selectByExternalId.all(externalId).map(({ braze_id }) => String(braze_id))),
    byIdentifier: (key) => translating(file, () => derived.byIdentifier(key)),
    names: (kind, after, limit) => translating(file, () => derived.names(kind, after, limit)),
    rowsAfter: (after, limit) =>
      translating(file, () => selectRowsAfter.all(after ?? '', limit) as unknown as ProfileRow[]),
    write: thread.write,
    finishBuild: thread.finishBuild,
    scrub: thread.scrub,
    close: () => (ending ??= end(() => undefined)),
    discard: () => (ending ??= end(() => deleteFile(file))),
  };
};
