import { EventStoreError } from '@hearth/eventing';
import type { DatabaseSync } from 'node:sqlite';

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

type Place = readonly [revision: number, position: number];
type Waiting = Map<number, Place[]>;

/** Some streams in the order of the index, so that each of its pages is visited once. */
interface Batch {
  readonly streams: readonly number[];
  readonly upTo: number;
  /** How many of the streams are done. */
  done: number;
}

export const indexBatch = (db: DatabaseSync): IndexBatch => {
  const indexedUpTo = db.prepare('SELECT indexed FROM store');
  const stored = db.prepare(
    'SELECT stream, revision, position FROM events WHERE position > ? ORDER BY position',
  );
  stored.setReturnArrays(true);
  const insert = db.prepare(
    'INSERT OR IGNORE INTO stream_events (stream, revision, position) VALUES (?, ?, ?)',
  );
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
    if (places) places.push([revision, position]);
    else waiting.set(stream, [[revision, position]]);
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

  const insertAll = (stream: number, places: readonly Place[] | undefined): number => {
    for (const [revision, position] of places ?? []) {
      if (insert.run(stream, revision, position).changes === 1) continue;
      // A crash, or a transaction that was rolled back, in the middle of a batch: its first entries are there already.
      const found = standing.get(stream, revision)?.['position'];
      if (found !== position)
        throw new EventStoreError(
          'store_damaged',
          `The event log has revision ${revision} of stream ${stream} twice, at ${String(found)} and ${position}`,
        );
    }
    return places?.length ?? 0;
  };
  const begin = (): Batch | undefined => {
    know();
    if (newest === indexed) return undefined;
    leaving = waiting;
    waiting = new Map();
    return { streams: [...leaving.keys()].toSorted((one, other) => one - other), upTo: newest, done: 0 };
  };
  const writeSlice = (entries: number): void => {
    batch ??= begin();
    if (!batch) return;
    for (let written = 0; written < entries && batch.done < batch.streams.length; batch.done += 1) {
      const stream = batch.streams[batch.done]!;
      written += insertAll(stream, leaving.get(stream));
      leaving.delete(stream);
    }
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
    add: (stream, revision, position) => {
      if (isKnown) note(stream, revision, position); // else it is read with all others, once somebody asks
    },
    lastRevisionOf: (stream) => {
      know();
      return (waiting.get(stream) ?? leaving.get(stream))?.at(-1)?.[0];
    },
    settle: (stream) => {
      know();
      for (const entries of [leaving, waiting]) {
        insertAll(stream, entries.get(stream));
        entries.delete(stream);
      }
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
