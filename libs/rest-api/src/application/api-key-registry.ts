import { apiKeyStream } from '@hearth/contracts';
import type { EventStore, Position, RecordedEvent } from '@hearth/eventing';

import { bearerOf, type Access } from '../domain/access.ts';
import {
  evolveApiKeys,
  noApiKeys,
  withKey,
  type ApiKey,
  type ApiKeyFact,
  type ApiKeys,
} from '../domain/api-keys.ts';

/** Whoever calls with a valid key, as this process remembers them between calls. */
export interface Caller extends Access {
  readonly key: ApiKey;
  /** When this process last let a call in: epoch milliseconds. */
  seenAt: number;
}

/** The keys of the log, followed. */
export interface ApiKeyRegistry {
  /** Who calls, by the `Authorization` header as sent; undefined where the key is unknown, revoked or malformed. */
  callerOf(authorization: string | undefined): Caller | undefined;
  /** Every key that is valid now. */
  keys(): ApiKeys;
  /** When this process last let a call of a key in: epoch milliseconds. */
  seenAt(id: string): number | undefined;
  /** Folds an event that this process appended, ahead of its coming by the subscription. */
  applied(id: string, event: ApiKeyFact): void;
  /** Folds what one key's stream has, now. */
  catchUp(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface ApiKeyRegistryPorts {
  readonly store: EventStore;
  /** SHA-256 in hex. Keys are random and long, so one fast hash is enough. */
  readonly hash: (key: string) => string;
  /** A list of addresses and subnets, ready to be asked. */
  readonly addressList: (entries: readonly string[]) => Access['addresses'];
  /** Is told when the keys can no longer be followed: a revoked one would go on working. */
  readonly onFailure: (error: Error) => void;
}

/** The id of the key that the settings name. */
export const CONFIGURED = 'configured';

const PREFIX = apiKeyStream('');

const configuredKey = (keyHash: string): ApiKey => ({
  id: CONFIGURED,
  name: 'HEARTH_API_KEY',
  keyHash,
  permissions: new Set(['*']),
  ipAllowlist: [],
  createdAt: undefined,
  createdBy: undefined,
  seenAt: undefined,
});

/**
 * Reads every key from the log and follows changes. `configured` is a key from the settings: it is valid while it is set and
 * never reaches the log. Throws the store's errors where the log cannot be read.
 */
export const openApiKeyRegistry = async (
  { store, hash, addressList, onFailure }: ApiKeyRegistryPorts,
  configured?: string,
): Promise<ApiKeyRegistry> => {
  const filter = { streamPrefixes: [PREFIX] };
  let keys = configured === undefined ? noApiKeys : withKey(noApiKeys, configuredKey(hash(configured)));
  // By the header as sent: a key is hashed once between two changes of the keys, not once a call (decision 10).
  const callers = new Map<string, Caller>();
  const lastSeen = new Map<string, number>();

  const remember = (): void => {
    for (const { key, seenAt } of callers.values())
      if (seenAt > 0) lastSeen.set(key.id, Math.max(seenAt, lastSeen.get(key.id) ?? 0));
  };
  const applied = (id: string, event: ApiKeyFact): void => {
    keys = evolveApiKeys(keys, id, event);
    remember();
    callers.clear();
  };
  const apply = (event: RecordedEvent): void => applied(event.stream.slice(PREFIX.length), event);

  let from: Position | undefined;
  for (let done = false; !done;) {
    const page = await store.readAll({ ...(from && { from }), filter });
    page.events.forEach(apply);
    from = page.position;
    done = page.headReached;
  }

  const stopping = new AbortController();
  const following = (async () => {
    const { signal } = stopping;
    for await (const { events } of store.subscribe({
      ...(from && { from }),
      filter,
      eventsOnly: true,
      signal,
    }))
      events.forEach(apply);
  })().catch(onFailure);

  const find = (authorization: string): Caller | undefined => {
    const sent = bearerOf(authorization);
    const key = sent === undefined ? undefined : keys.byHash.get(hash(sent));
    if (!key) return undefined;
    const addresses = key.ipAllowlist.length === 0 ? undefined : addressList(key.ipAllowlist);
    const caller: Caller = { key, permissions: key.permissions, addresses, seenAt: 0 };
    callers.set(authorization, caller);
    return caller;
  };

  return {
    callerOf: (authorization) =>
      authorization === undefined ? undefined : (callers.get(authorization) ?? find(authorization)),
    keys: () => keys,
    seenAt(id) {
      remember();
      return lastSeen.get(id);
    },
    applied,
    async catchUp(id) {
      const { events } = await store.readStream(apiKeyStream(id), { from: keys.revisions.get(id) ?? -1 });
      events.forEach(apply);
    },
    async close() {
      stopping.abort();
      await following;
    },
  };
};
