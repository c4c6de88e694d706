import type { DatabaseSync } from 'node:sqlite';
import { arrayStatement } from './array-statement.ts';
import { insertRows, type InsertRows } from './insert-rows.ts';
import { isMilestone, streamPlaces, type Place, type StreamPlaces } from './stream-places.ts';

/**
 * The events that are stored and not yet in the index by stream, as the writer knows them. Batches go over in slices, so that no
 * commit waits for a whole one. Every method that writes runs inside a transaction of its caller.
 */
export interface IndexBatch {
  /** How many events were stored since the position up to which all are in the index. */
  readonly size: number;
  /** True while a batch is on its way into the index. */
  readonly isWriting: boolean;
  /** Reads what waits, where that is not known yet: after a start, or a transaction that was rolled back. */
  know(): void;
  /** Takes note of events that follow each other in the log and in their stream, of which the last stands here. */
  add(stream: number, revision: number, position: number, events: number): void;
  /** The newest event of a stream that waits; undefined where none of its events does. */
  newestOf(stream: number): Place | undefined;
  /** The first event of a stream not before a revision, of those that wait and are held. */
  atOrAfter(stream: number, revision: number): Place | undefined;
  /** Brings about this many streams of a batch into the index; where none is on its way, what waits becomes the next one. */
  writeSlice(streams: number): void;
  /** Brings everything into the index. */
  write(): void;
  /** The transaction was rolled back: what waits is read again. */
  forget(): void;
}

const pushRow = (rows: InsertRows, stream: number, revision: number, position: number): void => {
  rows.push(stream);
  rows.push(revision);
  rows.push(position);
};

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
  const stored = arrayStatement(
    db,
    'SELECT stream, revision, position FROM events WHERE position > ? ORDER BY position',
  );
  // What a crash, or a rollback, in the middle of a batch left behind is there already.
  const heads = insertRows(db, 'INSERT OR REPLACE INTO stream_heads (stream, revision, position)', COLUMNS);
  const milestones = insertRows(
    db,
    'INSERT OR IGNORE INTO stream_events (stream, revision, position)',
    COLUMNS,
  );
  const advance = db.prepare('UPDATE store SET indexed = ?');

  let isKnown = false;
  let indexed = 0;
  let newest = 0;
  let waiting: StreamPlaces = streamPlaces();
  /** Those of `batch`; what is added meanwhile waits for the next one. */
  let leaving: StreamPlaces = streamPlaces();
  let batch: Batch | undefined;

  const note = (stream: number, revision: number, position: number): void => {
    waiting.note(stream, revision, position);
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
  const begin = (): Batch | undefined => {
    know();
    if (newest === indexed) return undefined;
    leaving = waiting;
    waiting = streamPlaces();
    return { streams: Float64Array.from(leaving.streams()).sort(), upTo: newest, done: 0 };
  };
  const writeSlice = (streams: number): void => {
    batch ??= begin();
    if (!batch) return;
    for (const stream of batch.streams.subarray(batch.done, batch.done + streams)) {
      const places = leaving.of(stream);
      for (let at = 0; at < places.length; at += 2)
        if (isMilestone(places[at]!)) pushRow(milestones, stream, places[at]!, places[at + 1]!);
      pushRow(heads, stream, places.at(-2)!, places.at(-1)!);
    }
    heads.finish();
    milestones.finish();
    batch.done += streams;
    if (batch.done < batch.streams.length) return;
    advance.run(batch.upTo);
    indexed = batch.upTo;
    leaving = streamPlaces();
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
    add: (stream, revision, position, events) => {
      if (!isKnown) return; // they are read with all others, once somebody asks
      for (let behind = events - 1; behind > 0; behind -= 1)
        if (isMilestone(revision - behind)) note(stream, revision - behind, position - behind);
      note(stream, revision, position);
    },
    newestOf: (stream) => {
      know();
      return waiting.newestOf(stream) ?? leaving.newestOf(stream);
    },
    atOrAfter: (stream, revision) => {
      know();
      return leaving.atOrAfter(stream, revision) ?? waiting.atOrAfter(stream, revision);
    },
    writeSlice,
    write: () => {
      if (batch) writeSlice(Infinity);
      writeSlice(Infinity);
    },
    forget: () => {
      isKnown = false;
      heads.forget();
      milestones.forget();
      waiting = streamPlaces();
      leaving = streamPlaces();
      batch = undefined;
    },
  };
};
