import type { DatabaseSync } from 'node:sqlite';

/** The events that are stored and not yet in `stream_events`, as the writer knows them. */
export interface IndexBatch {
  /** How many wait. */
  readonly size: number;
  add(stream: number, revision: number, position: number): void;
  /** The newest revision of a stream that waits; undefined where none of its events does. */
  lastRevisionOf(stream: number): number | undefined;
  /** Brings all of them into the index. Runs inside a transaction of its caller. */
  write(): void;
  /** The transaction was rolled back: what waits is read again. */
  forget(): void;
}

type Entry = readonly [stream: number, revision: number, position: number];

export const indexBatch = (db: DatabaseSync): IndexBatch => {
  const waiting = db.prepare(
    'SELECT stream, revision, position FROM events WHERE position > (SELECT indexed FROM store) ORDER BY position',
  );
  waiting.setReturnArrays(true);
  const insert = db.prepare('INSERT INTO stream_events (stream, revision, position) VALUES (?, ?, ?)');
  const advance = db.prepare('UPDATE store SET indexed = ?');
  const last = new Map<number, number>();
  let known: Entry[] | undefined;

  const entries = (): Entry[] => {
    if (known) return known;
    known = waiting.all() as unknown as Entry[];
    for (const [stream, revision] of known) last.set(stream, revision);
    return known;
  };
  const forget = (): void => {
    known = undefined;
    last.clear();
  };

  return {
    get size() {
      return entries().length;
    },
    add: (stream, revision, position) => {
      if (!known) return; // it is read with all others, once somebody asks
      known.push([stream, revision, position]);
      last.set(stream, revision);
    },
    lastRevisionOf: (stream) => {
      entries();
      return last.get(stream);
    },
    write: () => {
      const batch = entries();
      const newest = batch.at(-1);
      if (!newest) return;
      const [, , position] = newest;
      // In the order of the index, so that each of its pages is visited once.
      for (const entry of batch.toSorted(byStreamAndRevision)) insert.run(...entry);
      advance.run(position);
      known = [];
      last.clear();
    },
    forget,
  };
};

const byStreamAndRevision = (one: Entry, other: Entry): number => one[0] - other[0] || one[1] - other[1];
