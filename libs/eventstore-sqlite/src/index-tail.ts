import type { DatabaseSync } from 'node:sqlite';

/** Where an event stands: its revision in its stream, and its position in the log. */
export type Place = readonly [revision: number, position: number];

/** The events that are not yet in `stream_events`, as a reader knows them. */
export interface IndexTail {
  /**
   * Takes in what was stored since the last call. Whatever was stored before it is, from then on, in the tail or in the index
   * as it is read afterwards: an event that goes over meanwhile is in both.
   */
  refresh(): void;
  /** The events of a stream in the tail, in order. */
  of(stream: number): readonly Place[];
}

export const indexTail = (db: DatabaseSync): IndexTail => {
  const arrays = (sql: string) => {
    const statement = db.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };
  const indexedUpTo = arrays('SELECT indexed FROM store');
  const storedSince = arrays(
    'SELECT position, stream, revision FROM events WHERE position > ? ORDER BY position',
  );
  const byStream = new Map<number, Place[]>();
  let order: (readonly [position: number, stream: number])[] = [];
  let seen = 0;

  const indexed = (): number => (indexedUpTo.get() as unknown as [number])[0];

  const release = (upTo: number): void => {
    if (seen <= upTo) {
      byStream.clear();
      order = [];
      return;
    }
    const first = order.findIndex(([position]) => position > upTo);
    const gone = first === -1 ? order : order.slice(0, first);
    order = first === -1 ? [] : order.slice(first);
    for (const [, stream] of gone) {
      const places = byStream.get(stream)!;
      places.shift();
      if (places.length === 0) byStream.delete(stream);
    }
  };

  return {
    refresh: () => {
      const upTo = indexed();
      if (order.length > 0 && order[0]![0] <= upTo) release(upTo);
      // Nobody may have asked for long: what has gone over since is not read.
      seen = Math.max(seen, upTo);
      const rows = storedSince.all(seen) as unknown as [number, number, number][];
      for (const [position, stream, revision] of rows) {
        const places = byStream.get(stream);
        if (places) places.push([revision, position]);
        else byStream.set(stream, [[revision, position]]);
        order.push([position, stream]);
        seen = position;
      }
    },
    of: (stream) => byStream.get(stream) ?? [],
  };
};
