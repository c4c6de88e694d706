import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  StreamNotFoundError,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type Filter,
  type ReadRevision,
  type RecordedEvent as ClientEvent,
} from '@kurrent/kurrentdb-client';
import { EventStoreUnavailable, type EventFilter } from '@hearth/eventing';
import type { Connection } from './connection.ts';
import { toClientPosition } from './log-position.ts';
import { backOff, pause } from './waiting.ts';

/** The server's own streams start with "$". */
const NOT_OF_THE_SERVER = '^[^$]';

/** What the server should look for. Streams named in `also` come along whatever the filter says. */
export const serverFilter = (filter: EventFilter | undefined, also: readonly string[] = []): Filter =>
  filter && !filter.streamPrefixes.includes('')
    ? streamNameFilter({ prefixes: [...filter.streamPrefixes, ...also] })
    : streamNameFilter({ regex: NOT_OF_THE_SERVER });

/** Reads as the server gives them: nothing hidden, client types. Each goes to the leader, so it sees what was acknowledged. */
export interface Reading {
  /** A part of a stream, the first event included; undefined where it does not exist. */
  stream(
    stream: string,
    options: { from?: number; direction?: 'forwards' | 'backwards'; limit: number },
  ): Promise<ClientEvent[] | undefined>;
  /** A part of the log from an offset, inclusive, forwards. */
  log(from: bigint, filter: Filter, limit: number): Promise<ClientEvent[]>;
  /** The offset of the last record of the log, whatever it is. */
  end(): Promise<bigint>;
}

const collect = async (events: AsyncIterable<AllStreamResolvedEvent>): Promise<ClientEvent[]> => {
  const collected: ClientEvent[] = [];
  for await (const { event } of events) if (event) collected.push(event);
  return collected;
};

/**
 * `patience`: milliseconds a read is tried again for while the server does not answer. Where it is known to be away
 * from the start, one try is made.
 */
export const reading = (connection: Connection, patience: number, now: () => number): Reading => {
  const persistently = async <Value>(read: () => Promise<Value>): Promise<Value> => {
    const end = connection.availability === 'available' ? now() + patience : 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof EventStoreUnavailable) || now() >= end) throw error;
        await pause(backOff(attempt, 50, 1_000));
      }
    }
  };

  return {
    stream: (stream, { from, direction = FORWARDS, limit }) =>
      persistently(() =>
        connection.read(stream, async (client) => {
          const fromRevision: ReadRevision =
            from === undefined ? (direction === BACKWARDS ? END : START) : BigInt(from);
          const options = { direction, fromRevision, maxCount: limit, requiresLeader: true };
          try {
            return await collect(client.readStream(stream, options) as AsyncIterable<AllStreamResolvedEvent>);
          } catch (error) {
            if (error instanceof StreamNotFoundError) return undefined;
            throw error;
          }
        }),
      ),
    log: (from, filter, limit) =>
      persistently(() =>
        connection.read('the log', (client) =>
          collect(
            client.readAll({
              fromPosition: toClientPosition(from),
              filter,
              maxCount: limit,
              requiresLeader: true,
            }),
          ),
        ),
      ),
    end: () =>
      persistently(() =>
        connection.read('the head', async (client) => {
          const options = {
            direction: BACKWARDS,
            fromPosition: END,
            maxCount: 1,
            requiresLeader: true,
          } as const;
          const [last] = await collect(client.readAll(options));
          return last?.position?.commit ?? 0n;
        }),
      ),
  };
};
