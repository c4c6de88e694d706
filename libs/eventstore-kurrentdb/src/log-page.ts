import type { Filter, RecordedEvent as ClientEvent } from '@kurrent/kurrentdb-client';
import {
  EventStoreUnavailable,
  parsePosition,
  PositionError,
  positionAt,
  type LogPage,
  type Position,
  type EventFilter,
} from '@hearth/eventing';
import type { Erasures } from './erasures.ts';
import { offsetOf } from './log-position.ts';
import { serverFilter, type Reading } from './reading.ts';
import { toRecordedEvent } from './stored-event.ts';

export interface LogPages {
  /** Checks a position someone wants to read from: of this store, and not beyond its head. */
  check(from: Position | undefined): Promise<void>;
  /** Reads a page from a position that has been checked. */
  read(options: { from?: Position; filter?: EventFilter; limit?: number }): Promise<LogPage>;
  head(): Promise<Position>;
}

/**
 * Pages of the log. The head is the last record of any kind: a page is looked through up to it, over records of the
 * server's own as well, and every position given out can be read from again.
 */
export const logPages = (storeId: string, reading: Reading, erasures: Erasures): LogPages => {
  let seen = 0n;
  const end = async (): Promise<bigint> => {
    const offset = await reading.end();
    if (offset > seen) seen = offset;
    return offset;
  };

  /**
   * The server answers a position that no record has as if it were away. So where it goes on answering other reads
   * between the failures of this one, the position is to blame; once is not enough, it may just have come back.
   */
  const readLog = async (from: bigint, filter: Filter, limit: number): Promise<ClientEvent[]> => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await reading.log(from, filter, limit);
      } catch (error) {
        if (from === 0n || !(error instanceof EventStoreUnavailable)) throw error;
        await reading.end();
        if (failures === 3)
          throw new PositionError(
            'malformed_position',
            `No record of this log stands at ${positionAt(storeId, from)}`,
          );
      }
    }
  };

  return {
    head: async () => positionAt(storeId, await end()),
    check: async (from) => {
      if (from === undefined) return;
      const { storeId: owner, offset } = parsePosition(from);
      if (owner !== storeId)
        throw new PositionError(
          'position_of_another_store',
          `Position ${from} is not of the store ${storeId}`,
        );
      if (offset > seen && offset > (await end()))
        throw new PositionError('position_beyond_head', `Position ${from} lies beyond the head of the log`);
    },
    read: async ({ from, filter, limit = 1_000 }) => {
      const start = from === undefined ? 0n : offsetOf(from);
      const [head] = await Promise.all([end(), erasures.refresh()]);
      if (filter?.streamPrefixes.length === 0)
        return { events: [], position: positionAt(storeId, head > start ? head : start), headReached: true };
      // One more than wanted: the server starts at the position itself, and the port behind it.
      const read = await readLog(start, serverFilter(filter), limit + 1);
      const wanted = read.filter(({ position }) => position!.commit > start).slice(0, limit);
      const last = wanted.at(-1)?.position?.commit ?? start;
      const exhausted = read.length <= limit;
      const reached = exhausted && head > last ? head : last;
      return {
        events: wanted
          .filter((event) => erasures.shows(event))
          .map((event) => toRecordedEvent(storeId, event)),
        position: positionAt(storeId, reached),
        headReached: reached >= head,
      };
    },
  };
};
