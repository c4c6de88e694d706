import { apiKeyStream, type ApiKeyCreated, type Permission } from '@hearth/contracts';
import {
  isCheckpoint,
  WrongExpectedRevision,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '@hearth/eventing';

import {
  authorize,
  evolveApiKeys,
  noApiKeys,
  withKey,
  type AccessDenied,
  type ApiKeys,
} from '../domain/api-keys.ts';
import type { Clock } from './clock.ts';

/** Who may call what. */
export interface ApiKeyRegistry {
  /** Undefined where the call may go on. `authorization` is the header as sent. */
  authorize(authorization: string | undefined, permission: Permission): AccessDenied | undefined;
  /** Keeps a new key by its hash. */
  create(id: string, key: ApiKeyCreated): Promise<void>;
  /** A new key with every permission where the log has none and none was configured; undefined otherwise. */
  createFirst(): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface ApiKeyPorts {
  readonly store: EventStore;
  /** The service that writes, for the metadata of its events. */
  readonly source: string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** SHA-256 in hex. Keys are random and long, so one fast hash is enough. */
  readonly hash: (key: string) => string;
  /** A new random API key. */
  readonly newKey: () => string;
  /** Is told when the keys can no longer be followed: a revoked one would go on working. */
  readonly onFailure: (error: Error) => void;
}

const PREFIX = apiKeyStream('');
const FIRST_KEY = 'first';
const SCHEMA = 1;

/**
 * Reads every key from the log and follows changes. `configured` is a key from the settings: it is valid while it is set and
 * never reaches the log.
 */
export const openApiKeyRegistry = async (
  ports: ApiKeyPorts,
  configured?: string,
): Promise<ApiKeyRegistry> => {
  const { store, source, clock, newId, hash, newKey, onFailure } = ports;
  const filter = { streamPrefixes: [PREFIX] };
  let keys: ApiKeys = noApiKeys;
  if (configured !== undefined)
    keys = withKey(keys, { id: 'configured', keyHash: hash(configured), permissions: new Set(['*']) });
  const apply = (event: RecordedEvent): void => {
    keys = evolveApiKeys(keys, event.stream.slice(PREFIX.length), event);
  };

  let from: Position | undefined;
  for (let done = false; !done;) {
    const page = await store.readAll({ ...(from && { from }), filter });
    page.events.forEach(apply);
    from = page.position;
    done = page.headReached;
  }

  const stopping = new AbortController();
  const following = (async () => {
    for await (const message of store.subscribe({ ...(from && { from }), filter, signal: stopping.signal }))
      if (!isCheckpoint(message)) apply(message);
  })().catch(onFailure);

  const create = async (id: string, data: ApiKeyCreated): Promise<void> => {
    const correlationId = newId();
    const metadata = {
      $correlationId: correlationId,
      $causationId: correlationId,
      source,
      received_at: new Date(clock.now()).toISOString(),
      schema: SCHEMA,
    };
    await store.append(apiKeyStream(id), [{ id: newId(), type: 'ApiKeyCreated', data, metadata }], {
      expectedRevision: 'no_stream',
    });
    keys = evolveApiKeys(keys, id, { type: 'ApiKeyCreated', data });
  };

  return {
    authorize: (authorization, permission) => authorize(keys, authorization, permission, hash),
    create,
    async createFirst() {
      if (configured !== undefined || keys.byId.size > 0) return undefined;
      const key = newKey();
      try {
        await create(FIRST_KEY, { name: 'First key', key_hash: hash(key), permissions: ['*'] });
        return key;
      } catch (error) {
        if (error instanceof WrongExpectedRevision) return undefined; // another instance was first, and says its own key
        throw error;
      }
    },
    async close() {
      stopping.abort();
      await following;
    },
  };
};
