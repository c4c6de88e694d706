import type { DatabaseSync } from 'node:sqlite';
import { WrongExpectedRevision, type EncodedEvent, type ExpectedRevision } from '@hearth/eventing';
import { indexBatch, type IndexBatch } from './index-batch.ts';
import { insertRows } from './insert-rows.ts';
import { knownIds } from './known-ids.ts';
import { FIRST_OF_APPEND, LAST_OF_APPEND } from './schema.ts';
import { metadataColumn, metadataEraser } from './shared-metadata.ts';
import type { Place } from './stream-places.ts';
import { streamStates, type StreamState } from './stream-states.ts';
import { streamWalk } from './stream-walk.ts';

/** An append that waits for its transaction. */
export interface EncodedAppend {
  readonly stream: string;
  readonly events: readonly EncodedEvent[];
  readonly expectedRevision: ExpectedRevision;
}

/** Where the last event of an append stands. `isNew` is false for a repeat. */
export interface Appended {
  readonly revision: number;
  readonly offset: number;
  readonly isNew: boolean;
}

/** Decides and inserts appends. Every method runs inside a transaction that its caller begins and ends. */
export interface LogWriter {
  /** The offset of the newest event, that of the open transaction included. */
  head(): number;
  /** Throws `WrongExpectedRevision` before anything is inserted. */
  append(append: EncodedAppend): Appended;
  /** Inserts what the appends of this transaction held back. */
  finish(): void;
  /**
   * Empties the events of a stream before a revision, though never its last one. Answers whether any stood there. What is
   * appended next may share the metadata of the newest event of the log, which therefore stands.
   */
  erase(stream: string, before: number): boolean;
  /** The index by stream, as far as it is behind. */
  readonly index: Pick<IndexBatch, 'size' | 'isWriting' | 'write' | 'writeSlice'>;
  /** The transaction was rolled back: what is held in memory is read again. */
  forget(): void;
}

const CACHED_IDS = 200_000;

export const logWriter = (db: DatabaseSync): LogWriter => {
  const statements = {
    head: db.prepare('SELECT coalesce(max(position), 0) AS head FROM events'),
    findStream: db.prepare(
      'SELECT s.id, h.revision, h.position FROM streams s LEFT JOIN stream_heads h ON h.stream = s.id WHERE s.name = ?',
    ),
    addStream: db.prepare('INSERT INTO streams (name) VALUES (?)'),
    erased: db.prepare('SELECT erased_before FROM streams WHERE id = ?'),
    hide: db.prepare('UPDATE streams SET erased_before = ?2 WHERE id = ?1'),
    empty: db.prepare("UPDATE events SET part = 0, id = '', type = '', data = '' WHERE position = ?"),
  };
  const readHead = (): number => (statements.head.get() as { head: number }).head;
  const walkAppend = streamWalk<[id: string, part: number]>(db, 'id, part');
  const walkToErase = streamWalk<[type: string, metadata: string]>(db, 'type, metadata');
  const streams = streamStates();
  const ids = knownIds(db, CACHED_IDS);
  const batch = indexBatch(db);
  /** Holds rows back, to be finished before anything reads the table. */
  const rows = insertRows(
    db,
    'INSERT INTO events (position, stream, revision, part, id, type, data, metadata, previous)',
    9,
  );
  const column = metadataColumn();
  const eraseMetadata = metadataEraser(db);
  let knownHead: number | undefined = readHead();
  const head = (): number => (knownHead ??= readHead());
  const find = (name: string): StreamState | undefined => {
    const cached = streams.get(name);
    if (cached) return cached;
    const found = statements.findStream.get(name) as
      { id: number; revision: number | null; position: number | null } | undefined;
    if (!found) return undefined;
    const [lastRevision, lastPosition] = batch.newestOf(found.id) ?? [
      found.revision ?? -1,
      found.position ?? 0,
    ];
    const state = { id: found.id, lastRevision, lastPosition };
    streams.set(name, state);
    return state;
  };

  const create = (name: string): StreamState => {
    const { lastInsertRowid } = statements.addStream.run(name);
    return { id: Number(lastInsertRowid), lastRevision: -1, lastPosition: 0 };
  };

  /** An event of the stream that is known without a look into the index, not before a revision. */
  const nearest = (state: StreamState, revision: number): Place =>
    batch.atOrAfter(state.id, revision) ?? headOf(state);

  /** The append whose events stand exactly from `first` on: no part of one, no more than one. */
  const standingAppend = (
    state: StreamState,
    events: readonly EncodedEvent[],
    first: number,
  ): Appended | undefined => {
    const last = events.length - 1;
    if (first + last > state.lastRevision) return undefined;
    rows.finish();
    const found = walkAppend(state.id, first, first + last, nearest(state, first + last)).toReversed();
    const isSame = events.every((event, index) => {
      const [, , id, part] = found[index]!;
      return id === event.id && part === partOf(index, last);
    });
    return isSame ? { revision: first + last, offset: found[last]![1], isNew: false } : undefined;
  };

  const insert = (stream: string, state: StreamState, events: readonly EncodedEvent[]): Appended => {
    const last = events.length - 1;
    const first = state.lastRevision + 1;
    const before = head();
    let previous = state.lastPosition;
    for (let index = 0; index <= last; index += 1) {
      const { id, type, data, metadata } = events[index]!;
      const position = before + 1 + index;
      rows.push(position);
      rows.push(state.id);
      rows.push(first + index);
      rows.push(partOf(index, last));
      rows.push(id);
      rows.push(type);
      rows.push(data);
      rows.push(column.stored(position, metadata));
      rows.push(previous);
      previous = position;
    }
    ids.add(state.id, events, first);
    knownHead = before + events.length;
    batch.add(state.id, first + last, knownHead, events.length);
    streams.set(stream, { id: state.id, lastRevision: first + last, lastPosition: knownHead });
    return { revision: first + last, offset: knownHead, isNew: true };
  };

  const append = ({ stream, events, expectedRevision: expected }: EncodedAppend): Appended => {
    // From the table, so while no row is held back.
    if (!rows.isHolding) batch.know();
    const state = find(stream);
    if (!state) {
      if (expected !== 'no_stream' && expected !== 'any')
        throw new WrongExpectedRevision(stream, expected, 'no_stream');
      return insert(stream, create(stream), events);
    }
    if (expected === state.lastRevision) return insert(stream, state, events);
    if (typeof expected === 'number' || expected === 'no_stream') {
      const first = expected === 'no_stream' ? 0 : expected + 1;
      const repeated = first <= state.lastRevision ? standingAppend(state, events, first) : undefined;
      if (repeated) return repeated;
      throw new WrongExpectedRevision(stream, expected, state.lastRevision);
    }
    rows.finish();
    const known = ids.of(state.id, headOf(state));
    if (!events.some(({ id }) => known.has(id))) return insert(stream, state, events);
    const first = known.get(events[0]!.id);
    const repeated = first === undefined ? undefined : standingAppend(state, events, first);
    if (repeated) return repeated;
    throw new WrongExpectedRevision(stream, expected, state.lastRevision);
  };

  return {
    head,
    append,
    erase: (stream, before) => {
      const state = find(stream);
      const bound = Math.min(before, state?.lastRevision ?? 0);
      if (!state || bound <= 0) return false;
      const erased = (statements.erased.get(state.id) as { erased_before: number }).erased_before;
      if (erased >= bound) return false;
      statements.hide.run(state.id, bound);
      ids.forget(state.id);
      const standing = walkToErase(state.id, erased, bound - 1, nearest(state, bound - 1))
        .filter(([, , type]) => type !== '')
        .map(([, position, , metadata]) => ({ position, metadata }));
      for (const { position } of standing) statements.empty.run(position);
      eraseMetadata(standing);
      return standing.length > 0;
    },
    finish: () => rows.finish(),
    index: batch,
    forget: () => {
      rows.forget();
      column.forget();
      batch.forget();
      streams.clear();
      ids.clear();
      knownHead = undefined;
    },
  };
};

/** How a row tells where in its append it stands. */
const partOf = (index: number, last: number): number =>
  (index === 0 ? FIRST_OF_APPEND : 0) | (index === last ? LAST_OF_APPEND : 0);

const headOf = ({ lastRevision, lastPosition }: StreamState): Place => [lastRevision, lastPosition];
