import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import {
  EventStoreError,
  parsePosition,
  PositionError,
  positionAt,
  type EventFilter,
  type EventStore,
  type LogPage,
  type Position,
  type RecordedEvent,
  type StreamSlice,
} from '@hearth/eventing';
import { arrayStatement } from './array-statement.ts';
import { recordedEvent } from './recorded-event.ts';
import { metadataReader } from './shared-metadata.ts';
import { translating } from './sqlite-errors.ts';
import { streamNames } from './stream-names.ts';
import { streamReader, type AskedSlice, type StoredSlice } from './stream-reader.ts';

/** Positions looked through in one go; other work of the process gets its turn after that many. */
const WINDOW = 20_000;
/** A page ends early when its events weigh more than this, as text in their rows. */
const PAGE_CHARACTERS = 8 * 1024 * 1024;
const DEFAULT_LIMIT = 1_000;

type Row = [
  position: number,
  stream: number,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
];

/** Its stream decides about an event before the columns behind it are looked at, which are most of it. */
const WINDOW_OF_LOG = `SELECT position, stream, revision, id, type, data, metadata FROM events
  WHERE position > ? AND position <= ? AND wanted(stream) AND type <> '' ORDER BY position LIMIT ?`;

/** The part of the port that reads, over an open log. */
export interface LogReader extends Pick<EventStore, 'readStream' | 'readAll' | 'head'> {
  /** The offset of the newest event, 0 for an empty log. */
  headOffset(): number;
  /** The streams of the events of a window; undefined where that is too wide to look through in one go. */
  readonly streamsBetween: (after: Position, upTo: Position) => ReadonlySet<string> | undefined;
}

/** Reads a slice of a stream on another thread; undefined where this one may as well do it. */
export type ReadElsewhere = (
  stream: string,
  asked: AskedSlice,
) => Promise<StoredSlice | undefined> | undefined;

const checkedLimit = (limit: number): number => {
  if (limit === Number.POSITIVE_INFINITY) return Number.MAX_SAFE_INTEGER;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError(`A limit is a whole number from 1, not ${limit}`);
  return limit;
};

/**
 * Reads through one connection, also that of the writer: nothing here holds a transaction open over a turn of the event
 * loop. `checkOpen` throws once the log is closed.
 */
export const logReader = (
  db: DatabaseSync,
  storeId: string,
  file: string,
  checkOpen: () => void,
  readElsewhere?: ReadElsewhere,
): LogReader => {
  const names = translating(file, () => streamNames(db));
  /** What the statement over a window of the log asks of each stream; set right before it runs. */
  let isWanted = names.wanted(undefined);
  db.function('wanted', { directOnly: true }, (stream) => (isWanted(stream as number) ? 1 : 0));
  const statements = translating(file, () => ({
    head: arrayStatement(db, 'SELECT max(position) FROM events'),
    streams: arrayStatement(db, 'SELECT stream FROM events WHERE position > ? AND position <= ?'),
    window: arrayStatement(db, WINDOW_OF_LOG),
  }));
  const readSlice = translating(file, () => streamReader(db));
  const metadataOf = translating(file, () => metadataReader(db));

  /** Undefined where it was erased meanwhile. */
  const toEvent = ([position, stream, revision, id, type, data, stored]: Row): RecordedEvent | undefined => {
    const metadata = metadataOf(position, stored);
    if (metadata === undefined) return undefined;
    return recordedEvent(storeId, {
      position,
      stream: names.of(stream)!,
      revision,
      id,
      type,
      data,
      metadata,
    });
  };

  const headOffset = (): number => {
    checkOpen();
    return translating(file, () => {
      const [head] = statements.head.get() as unknown as [number | null];
      return head ?? 0;
    });
  };

  const offsetOf = (from: Position | undefined, head: number): number => {
    if (from === undefined) return 0;
    const { storeId: owner, offset } = parsePosition(from);
    if (owner !== storeId)
      throw new PositionError(
        'position_of_another_store',
        `${from} belongs to store ${owner}, this is ${storeId}`,
      );
    if (offset > head)
      throw new PositionError(
        'position_beyond_head',
        `${from} lies beyond the head ${positionAt(storeId, head)}`,
      );
    return Number(offset);
  };

  /** The rows of a window that a filter lets through. */
  const scan = (isOfFilter: typeof isWanted, after: number, upTo: number, limit: number): Row[] => {
    isWanted = isOfFilter;
    return statements.window.all(after, upTo, limit) as unknown as Row[];
  };

  const readAll = async ({
    from,
    filter,
    limit = DEFAULT_LIMIT,
  }: { from?: Position; filter?: EventFilter; limit?: number } = {}): Promise<LogPage> => {
    const wanted = checkedLimit(limit);
    const head = headOffset();
    let at = offsetOf(from, head);
    const isOfFilter = names.wanted(filter);
    const events: RecordedEvent[] = [];
    let room = PAGE_CHARACTERS;
    while (at < head && events.length < wanted && room > 0) {
      const upTo = Math.min(head, at + WINDOW);
      const ask = Math.min(wanted - events.length, 256);
      const found = translating(file, () => {
        const rows = scan(isOfFilter, at, upTo, ask);
        for (const row of rows) {
          const event = toEvent(row);
          if (event) events.push(event);
          room -= row[5].length + row[6].length;
          at = row[0];
          if (room <= 0) break;
        }
        return rows.length;
      });
      const isWindowDone = room > 0 && found < ask;
      if (isWindowDone) at = upTo;
      if (isWindowDone && at < head) {
        await nextTurn();
        checkOpen();
      }
    }
    return { events, position: positionAt(storeId, at), headReached: at >= head };
  };

  const readStream = async (
    stream: string,
    {
      from,
      direction = 'forwards',
      limit = Number.POSITIVE_INFINITY,
    }: Parameters<EventStore['readStream']>[1] = {},
  ): Promise<StreamSlice> => {
    const asked = { from, direction, limit: checkedLimit(limit) };
    checkOpen();
    const elsewhere = readElsewhere?.(stream, asked);
    let found = elsewhere && (await elsewhere);
    if (!found) {
      checkOpen();
      found = translating(file, () => readSlice(stream, asked));
    }
    const { events, ...slice } = found;
    return { ...slice, events: events.map((event) => recordedEvent(storeId, { stream, ...event })) };
  };

  const streamsBetween = (after: Position, upTo: Position): ReadonlySet<string> | undefined => {
    checkOpen();
    const [from, to] = [after, upTo].map((position) => Number(parsePosition(position).offset)) as [
      number,
      number,
    ];
    if (to - from > WINDOW) return undefined;
    return translating(file, () => {
      const streams = new Set<string>();
      for (const [stream] of statements.streams.all(from, to) as unknown as [number][]) {
        const name = names.of(stream);
        if (name !== undefined) streams.add(name);
      }
      return streams;
    });
  };

  return {
    readAll,
    readStream,
    headOffset,
    streamsBetween,
    head: async () => positionAt(storeId, headOffset()),
  };
};

/** Says that a log was closed. */
export const closedError = (file: string): EventStoreError =>
  new EventStoreError('store_closed', `The event log ${file} was closed`);
