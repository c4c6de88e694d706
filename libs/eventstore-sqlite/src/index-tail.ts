import type { DatabaseSync } from 'node:sqlite';
import { arrayStatement } from './array-statement.ts';
import { streamPlaces, type StreamPlaces } from './stream-places.ts';

/** The events that are not yet in the index by stream, as a reader knows them. */
export interface IndexTail extends Pick<StreamPlaces, 'newestOf' | 'atOrAfter'> {
  /**
   * Takes in what was stored since the last call. Whatever was stored before it is, from then on, in the tail or in the index
   * as it is read afterwards: an event that goes over meanwhile is in both.
   */
  refresh(): void;
}

export const indexTail = (db: DatabaseSync): IndexTail => {
  const indexedUpTo = arrayStatement(db, 'SELECT indexed FROM store');
  const storedSince = arrayStatement(
    db,
    'SELECT stream, revision, position FROM events WHERE position > ? ORDER BY position',
  );
  const { note, release, newestOf, atOrAfter } = streamPlaces();
  let released = 0;
  let seen = 0;

  return {
    refresh: () => {
      const [upTo] = indexedUpTo.get() as unknown as [number];
      if (upTo > released) release((released = upTo));
      // Nobody may have asked for long: what has gone over since is not read.
      seen = Math.max(seen, upTo);
      const rows = storedSince.all(seen) as unknown as [number, number, number][];
      for (const [stream, revision, position] of rows) note(stream, revision, (seen = position));
    },
    newestOf,
    atOrAfter,
  };
};
