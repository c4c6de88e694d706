import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { EventStoreError } from '@hearth/eventing';
import { arrayStatement } from './array-statement.ts';
import type { Place } from './stream-places.ts';

/** The columns that were asked for, behind where the event stands. */
export type WalkedRow<Columns extends readonly SQLOutputValue[]> = readonly [
  revision: number,
  position: number,
  ...Columns,
];

/**
 * The rows of a stream's events from `low` to `high`, newest first. `known` is an event of the stream that is not before
 * `high`. Throws `store_damaged` where the way leads elsewhere.
 */
export type StreamWalk<Columns extends readonly SQLOutputValue[]> = (
  stream: number,
  low: number,
  high: number,
  known: Place,
) => WalkedRow<Columns>[];

type Row = [stream: number, revision: number, previous: number | null, ...SQLOutputValue[]];

/**
 * Walks streams: each event says where the one before it stands, and milestones in the index save the way from the newest one.
 * In rows of logs from before version 4 nothing is said; the index has a place for each of those.
 */
export const streamWalk = <Columns extends readonly SQLOutputValue[]>(
  db: DatabaseSync,
  columns: string,
): StreamWalk<Columns> => {
  const statements = {
    milestone: arrayStatement(
      db,
      'SELECT revision, position FROM stream_events WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision LIMIT 1',
    ),
    step: arrayStatement(db, 'SELECT stream, revision, previous FROM events WHERE position = ?'),
    event: arrayStatement(db, `SELECT stream, revision, previous, ${columns} FROM events WHERE position = ?`),
  };
  const milestone = (stream: number, from: number, to: number): Place | undefined =>
    statements.milestone.get(stream, from, to) as unknown as Place | undefined;

  const rowAt = (statement: StatementSync, stream: number, [revision, position]: Place): Row => {
    const row = statement.get(position) as unknown as Row | undefined;
    if (row?.[0] === stream && row[1] === revision) return row;
    const found = row ? `revision ${row[1]} of stream ${row[0]}` : 'nothing';
    throw new EventStoreError(
      'store_damaged',
      `The event log has ${found} at ${position}, where revision ${revision} of stream ${stream} should be; restore it from a backup`,
    );
  };
  const before = (stream: number, revision: number, previous: number | null): Place => {
    const place =
      previous === null ? milestone(stream, revision - 1, revision - 1) : [revision - 1, previous];
    if (place) return place as Place;
    throw new EventStoreError(
      'store_damaged',
      `The event log does not say where revision ${revision - 1} of stream ${stream} stands; restore it from a backup`,
    );
  };

  return (stream, low, high, known) => {
    const rows: WalkedRow<Columns>[] = [];
    let place = known[0] > high ? (milestone(stream, high, known[0] - 1) ?? known) : known;
    for (;;) {
      const [revision, position] = place;
      const isAsked = revision <= high;
      const row = rowAt(isAsked ? statements.event : statements.step, stream, place);
      const [, , previous, ...rest] = row;
      if (isAsked) rows.push([revision, position, ...(rest as unknown as Columns)]);
      if (revision <= low) return rows;
      place = before(stream, revision, previous);
    }
  };
};
