import type { DatabaseSync } from 'node:sqlite';
import { arrayStatement } from './array-statement.ts';
import { indexTail } from './index-tail.ts';
import type { StoredEvent } from './recorded-event.ts';
import { metadataReader } from './shared-metadata.ts';
import type { Place } from './stream-places.ts';
import { streamWalk } from './stream-walk.ts';

/** Which events of a stream are wanted; `from` is exclusive. */
export interface AskedSlice {
  readonly from?: number | undefined;
  readonly direction: 'forwards' | 'backwards';
  readonly limit: number;
}

/** A slice of a stream as it lies in the log. */
export interface StoredSlice {
  readonly events: readonly Omit<StoredEvent, 'stream'>[];
  readonly lastRevision: number;
  readonly endOfStream: boolean;
}

type Columns = [id: string, type: string, data: string, metadata: string];

const erased = { id: '', type: '', data: '', metadata: '' };

/** The revisions that are asked for between two. */
const upwards = (low: number, high: number, limit: number): [low: number, high: number] => [
  low,
  Math.min(high, low + limit - 1),
];
const downwards = (low: number, high: number, limit: number): [low: number, high: number] => [
  Math.max(low, high - limit + 1),
  high,
];

/** Reads slices of streams through an open log. Throws the errors of `node:sqlite`. */
export const streamReader = (db: DatabaseSync): ((stream: string, asked: AskedSlice) => StoredSlice) => {
  const findStream = arrayStatement(
    db,
    `SELECT s.id, s.erased_before, h.revision, h.position
     FROM streams s LEFT JOIN stream_heads h ON h.stream = s.id WHERE s.name = ?`,
  );
  const walk = streamWalk<Columns>(db, 'id, type, data, metadata');
  const tail = indexTail(db);
  const metadataOf = metadataReader(db);

  /** The head of a stream: its newest event, which may be in the tail and in the index. */
  const headOf = (id: number, revision: number | null, position: number | null): Place | undefined => {
    const recent = tail.newestOf(id);
    if (revision === null || position === null) return recent;
    return recent && recent[0] > revision ? recent : [revision, position];
  };

  const read = (stream: string, { from, direction, limit }: AskedSlice): StoredSlice => {
    tail.refresh();
    const found = findStream.get(stream) as unknown as
      [number, number, number | null, number | null] | undefined;
    const head = found && headOf(found[0], found[2], found[3]);
    if (!head) return { events: [], lastRevision: -1, endOfStream: true };
    const [id, first] = found;
    const [lastRevision] = head;
    const isForwards = direction === 'forwards';
    const [low, high] = isForwards
      ? upwards(Math.max(first, (from ?? -1) + 1), lastRevision, limit)
      : downwards(first, Math.min(lastRevision, (from ?? Infinity) - 1), limit);
    if (low > high) return { events: [], lastRevision, endOfStream: true };
    const rows = walk(id, low, high, tail.atOrAfter(id, high) ?? head);
    if (isForwards) rows.reverse();
    return {
      events: rows.map(([revision, position, eventId, type, data, stored]) => {
        const metadata = metadataOf(position, stored);
        return metadata === undefined
          ? { ...erased, position, revision }
          : { position, revision, id: eventId, type, data, metadata };
      }),
      lastRevision,
      endOfStream: isForwards ? high === lastRevision : low === first,
    };
  };

  return (stream, asked) => {
    for (;;) {
      const slice = read(stream, asked);
      // An empty one was erased after the first statement had told how far the stream is.
      if (slice.events.every(({ type }) => type !== '')) return slice;
    }
  };
};
