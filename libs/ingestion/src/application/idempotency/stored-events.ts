import type { BrazeId } from '@hearth/contracts';
import type { EventStore, Position } from '@hearth/eventing';

/** Where an event of a request stands. */
export interface StoredEvent {
  readonly brazeId: BrazeId;
  readonly revision: number;
  readonly position: Position;
}

/** What a request has left in users' streams so far, by event id. */
export interface StoredEvents {
  get(id: string): StoredEvent | undefined;
  /** Looks through what was appended since the last look. */
  look(): Promise<void>;
}

const USER_STREAMS = { streamPrefixes: ['user_'] };
const PAGE = 10_000;

/**
 * Finds the events of a request by the name of its stream in their metadata, in whichever user's stream they stand: the user
 * may have been merged or renamed since, so that the identifier alone would no longer lead there. Reads the log from where
 * the request began; only attempts that follow on another pay for it.
 */
export const storedEvents = (store: EventStore, request: string, begunAt: Position): StoredEvents => {
  const byId = new Map<string, StoredEvent>();
  let from = begunAt;
  return {
    get: (id) => byId.get(id),
    async look() {
      for (let done = false; !done;) {
        const page = await store.readAll({ from, filter: USER_STREAMS, limit: PAGE });
        for (const { id, stream, revision, position, metadata } of page.events)
          if (metadata.request === request)
            byId.set(id, { brazeId: stream.slice(stream.indexOf('-') + 1), revision, position });
        from = page.position;
        done = page.headReached;
      }
    },
  };
};
