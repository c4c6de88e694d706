import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { indexTail, type Place } from './index-tail.ts';
import type { StoredEvent } from './recorded-event.ts';
import { metadataReader } from './shared-metadata.ts';

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

type Row = [position: number, revision: number, id: string, type: string, data: string, metadata: string];

const EVENT = 'e.position, e.revision, e.id, e.type, e.data, e.metadata';
const ofStream = (comparison: string, order: string): string => `
  SELECT ${EVENT} FROM stream_events x JOIN events e ON e.position = x.position
  WHERE x.stream = ? AND x.revision BETWEEN ? AND ? AND x.revision ${comparison} ? ORDER BY x.revision ${order} LIMIT ?`;

const erased = { id: '', type: '', data: '', metadata: '' };

/** Reads slices of streams through an open log. Throws the errors of `node:sqlite`. */
export const streamReader = (db: DatabaseSync): ((stream: string, asked: AskedSlice) => StoredSlice) => {
  const prepare = (sql: string): StatementSync => {
    const statement = db.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };
  const statements = {
    stream: prepare(
      'SELECT s.id, s.erased_before, (SELECT max(revision) FROM stream_events WHERE stream = s.id) FROM streams s WHERE s.name = ?',
    ),
    forwards: prepare(ofStream('>', 'ASC')),
    backwards: prepare(ofStream('<', 'DESC')),
    at: prepare(`SELECT ${EVENT} FROM events e WHERE e.position = ?`),
  };
  const tail = indexTail(db);
  const metadataOf = metadataReader(db);

  const read = (stream: string, { from, direction, limit: wanted }: AskedSlice): StoredSlice => {
    tail.refresh();
    const found = statements.stream.get(stream) as unknown as [number, number, number | null] | undefined;
    if (!found) return { events: [], lastRevision: -1, endOfStream: true };
    const [id, first, indexed] = found;
    // The index is read as far as it went just now: it may have grown since, by events that are in the tail as well.
    const indexedRevision = indexed ?? -1;
    const recent = tail.of(id).filter(([revision]) => revision > indexedRevision);
    const lastRevision = recent.at(-1)?.[0] ?? indexedRevision;
    const isForwards = direction === 'forwards';
    const bound = from ?? (isForwards ? -1 : lastRevision + 1);
    const isWanted = ([revision]: Place): boolean =>
      revision >= first && (isForwards ? revision > bound : revision < bound);
    const fromIndex = (limit: number): Row[] => {
      if (limit === 0) return [];
      const statement = isForwards ? statements.forwards : statements.backwards;
      return statement.all(id, first, indexedRevision, bound, limit) as unknown as Row[];
    };
    const fromTail = (places: readonly Place[]): Row[] =>
      places.map(([, position]) => statements.at.get(position) as unknown as Row);
    let rows: Row[];
    if (isForwards) {
      rows = fromIndex(wanted);
      rows.push(...fromTail(recent.filter(isWanted).slice(0, wanted - rows.length)));
    } else {
      rows = fromTail(recent.filter(isWanted).toReversed().slice(0, wanted));
      rows.push(...fromIndex(wanted - rows.length));
    }
    const reached = rows.at(-1)?.[1];
    return {
      events: rows.map(([position, revision, id, type, data, stored]) => {
        const metadata = metadataOf(position, stored);
        return metadata === undefined
          ? { ...erased, position, revision }
          : { position, revision, id, type, data, metadata };
      }),
      lastRevision,
      endOfStream: reached === undefined ? true : isForwards ? reached >= lastRevision : reached <= first,
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
