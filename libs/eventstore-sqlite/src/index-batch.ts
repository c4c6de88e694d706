import { EventStoreError } from '@hearth/eventing';
import type { DatabaseSync } from 'node:sqlite';
import { insertRows } from './insert-rows.ts';

/**
 * The events that are stored and not yet in `stream_events`, as the writer knows them. Batches go over in slices, so that no
 * commit waits for a whole one. Of each stream the index holds the events up to some revision at any time, also in
 * the middle of a batch: a stream's entries go over in order. Every method that writes runs inside a transaction of its caller.
 */
export interface IndexBatch {
  /** How many events were stored since the position up to which all are in the index. */
  readonly size: number;
  /** True while a batch is on its way into the index. */
  readonly isWriting: boolean;
  /** Reads what waits, where that is not known yet: after a start, or a transaction that was rolled back. */
  know(): void;
  add(stream: number, revision: number, position: number): void;
  /** The newest revision of a stream that waits; undefined where none of its events does. */
  lastRevisionOf(stream: number): number | undefined;
  /** Brings the events of one stream into the index. */
  settle(stream: number): void;
  /** Brings about this many entries of a batch into the index; where none is on its way, what waits becomes the next one. */
  writeSlice(entries: number): void;
  /** Brings everything into the index. */
  write(): void;
  /** The transaction was rolled back: what waits is read again. */
  forget(): void;
}

/** The events of each stream as one flat list of revisions and positions: an object each would outlive collections. */
type Waiting = Map<number, number[]>;

/** Some streams in the order of the index, so that each of its pages is visited once. */
interface Batch {
  readonly streams: Float64Array;
  readonly upTo: number;
  /** How many of the streams are done. */
  done: number;
}

const COLUMNS = 3;

export const indexBatch = (db: DatabaseSync): IndexBatch => {
  const indexedUpTo = db.prepare('SELECT indexed FROM store');
  const stored = db.prepare(
    'SELECT stream, revision, position FROM events WHERE position > ? ORDER BY position',
  );
  stored.setReturnArrays(true);
  const insert = insertRows(db, 'INSERT OR IGNORE INTO stream_events (stream, revision, position)', COLUMNS);
  const standing = db.prepare('SELECT position FROM stream_events WHERE stream = ? AND revision = ?');
  const advance = db.prepare('UPDATE store SET indexed = ?');

  let isKnown = false;
  let indexed = 0;
  let newest = 0;
  let waiting: Waiting = new Map();
  /** Those of `batch`; what is added meanwhile waits for the next one. */
  let leaving: Waiting = new Map();
  let batch: Batch | undefined;

  const note = (stream: number, revision: number, position: number): void => {
    const places = waiting.get(stream);
    if (places) places.push(revision, position);
    else waiting.set(stream, [revision, position]);
    newest = position;
  };
  const know = (): void => {
    if (isKnown) return;
    ({ indexed } = indexedUpTo.get() as { indexed: number });
    newest = indexed;
    const rows = stored.all(indexed) as unknown as [number, number, number][];
    for (const row of rows) note(...row);
    isKnown = true;
  };

  /** Takes rows as one flat list. What a crash, or a rollback, in the middle of a batch left behind is there already. */
  const insertAll = (rows: readonly number[]): void => {
    if (insert(rows) * COLUMNS === rows.length) return;
    for (let at = 0; at < rows.length; at += COLUMNS) {
      const [stream, revision, position] = [rows[at]!, rows[at + 1]!, rows[at + 2]!];
      const found = standing.get(stream, revision)?.['position'];
      if (found !== position)
        throw new EventStoreError(
          'store_damaged',
          `The event log has revision ${revision} of stream ${stream} twice, at ${String(found)} and ${position}`,
        );
    }
  };
  const pushRows = (rows: number[], stream: number, places: readonly number[] = []): void => {
    for (let at = 0; at < places.length; at += 2) rows.push(stream, places[at]!, places[at + 1]!);
  };
  const begin = (): Batch | undefined => {
    know();
    if (newest === indexed) return undefined;
    leaving = waiting;
    waiting = new Map();
    return { streams: Float64Array.from(leaving.keys()).sort(), upTo: newest, done: 0 };
  };
  const writeSlice = (entries: number): void => {
    batch ??= begin();
    if (!batch) return;
    const rows: number[] = [];
    for (; rows.length < entries * COLUMNS && batch.done < batch.streams.length; batch.done += 1) {
      const stream = batch.streams[batch.done]!;
      pushRows(rows, stream, leaving.get(stream)); // nothing, where it was settled meanwhile
      leaving.delete(stream);
    }
    insertAll(rows);
    if (batch.done < batch.streams.length) return;
    advance.run(batch.upTo);
    indexed = batch.upTo;
    batch = undefined;
  };

  return {
    get size() {
      know();
      return newest - indexed;
    },
    get isWriting() {
      return batch !== undefined;
    },
    know,
    add: (stream, revision, position) => {
      if (isKnown) note(stream, revision, position); // else it is read with all others, once somebody asks
    },
    lastRevisionOf: (stream) => {
      know();
      return (waiting.get(stream) ?? leaving.get(stream))?.at(-2);
    },
    settle: (stream) => {
      know();
      const rows: number[] = [];
      for (const entries of [leaving, waiting]) pushRows(rows, stream, entries.get(stream));
      // What contradicts the index stays, to be met again: the transaction may go on without this append.
      insertAll(rows);
      leaving.delete(stream);
      waiting.delete(stream);
    },
    writeSlice,
    write: () => {
      if (batch) writeSlice(Infinity);
      writeSlice(Infinity);
    },
    forget: () => {
      isKnown = false;
      waiting = new Map();
      leaving = new Map();
      batch = undefined;
    },
  };
};
