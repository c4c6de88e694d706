import { apiKeyStream, type ApiKeyCreated, type ApiKeyEvent, type Permission } from '@hearth/contracts';
import { WrongExpectedRevision, type EventStore, type ExpectedRevision } from '@hearth/eventing';

import { CONFIGURED, type ApiKeyRegistry } from './api-key-registry.ts';
import type { Clock } from './clock.ts';

/** What a key is made of. It never changes afterwards (user-data API §2.1). */
export interface NewApiKey {
  readonly name: string;
  readonly permissions: readonly (Permission | '*')[];
  readonly ipAllowlist: readonly string[];
}

/** What may be told of a key: never the key, nor its hash. */
export interface ApiKeyListing {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly ip_allowlist: readonly string[];
  /** The id of the key that made it. */
  readonly created_by: string | null;
  /** ISO 8601; null for the key of the settings. */
  readonly created_at: string | null;
  /** ISO 8601; null where no use is known. */
  readonly last_seen: string | null;
}

/** Who asks: for the metadata of what it leads to. */
export interface Asked {
  readonly correlationId: string;
  /** The id of the key that asks. */
  readonly by?: string | undefined;
}

export interface ApiKeyAdministration {
  /** Keeps a new key by its hash, and answers the key itself: the only time that it is told. */
  create(key: NewApiKey, asked: Asked): Promise<{ readonly key: string; readonly listing: ApiKeyListing }>;
  /** Every valid key, the oldest first. */
  list(): readonly ApiKeyListing[];
  /** Ends a key. The one of the settings is valid while it is set. */
  revoke(id: string, asked: Asked): Promise<'revoked' | 'unknown' | 'configured'>;
  /** A new key with every permission where the log has none and none was configured; undefined otherwise. */
  createFirst(): Promise<string | undefined>;
  /**
   * Writes down when keys were last used, for those whose record is older than a quarter of an hour. Where several instances
   * saw a key, one of them writes. Throws the store's errors.
   */
  recordSightings(): Promise<void>;
}

export interface ApiKeyAdministrationPorts {
  readonly store: EventStore;
  readonly registry: ApiKeyRegistry;
  /** The service that writes, for the metadata of its events. */
  readonly source: string;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly hash: (key: string) => string;
  /** A new random API key. */
  readonly newKey: () => string;
}

const FIRST_KEY = 'first';
const SCHEMA = 1;
const BETWEEN_SIGHTINGS_MS = 15 * 60_000;

export const apiKeyAdministration = (ports: ApiKeyAdministrationPorts): ApiKeyAdministration => {
  const { store, registry, source, clock, newId, hash, newKey } = ports;

  const append = async (
    id: string,
    { type, data }: ApiKeyEvent,
    correlationId: string,
    expectedRevision: ExpectedRevision,
  ): Promise<void> => {
    const metadata = {
      $correlationId: correlationId,
      $causationId: correlationId,
      source,
      received_at: new Date(clock.now()).toISOString(),
      schema: SCHEMA,
    };
    const event = { id: newId(), type, data, metadata };
    const { revision } = await store.append(apiKeyStream(id), [event], { expectedRevision });
    registry.applied(id, { ...event, revision });
  };

  const listingOf = (id: string): ApiKeyListing => {
    const key = registry.keys().byId.get(id)!;
    const recorded = key.seenAt === undefined ? 0 : Date.parse(key.seenAt);
    const seenAt = Math.max(recorded, registry.seenAt(id) ?? 0);
    return {
      id,
      name: key.name,
      permissions: [...key.permissions],
      ip_allowlist: key.ipAllowlist,
      created_by: key.createdBy ?? null,
      created_at: key.createdAt ?? null,
      last_seen: seenAt === 0 ? null : new Date(seenAt).toISOString(),
    };
  };

  const create = async (id: string, data: ApiKeyCreated, correlationId: string): Promise<void> =>
    append(id, { type: 'ApiKeyCreated', data }, correlationId, 'no_stream');

  return {
    async create({ name, permissions, ipAllowlist }, { correlationId, by }) {
      const [id, key] = [newId(), newKey()];
      const data: ApiKeyCreated = {
        name,
        key_hash: hash(key),
        permissions,
        ...(ipAllowlist.length > 0 && { ip_allowlist: ipAllowlist }),
        ...(by !== undefined && { created_by: by }),
      };
      await create(id, data, correlationId);
      return { key, listing: listingOf(id) };
    },

    list: () => [...registry.keys().byId.keys()].map(listingOf),

    async revoke(id, { correlationId }) {
      if (id === CONFIGURED) return 'configured';
      for (;;) {
        const { byId, revisions } = registry.keys();
        if (!byId.has(id)) return 'unknown';
        try {
          await append(id, { type: 'ApiKeyRevoked', data: {} }, correlationId, revisions.get(id)!);
          return 'revoked';
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error;
          await registry.catchUp(id); // another instance has just seen or revoked it
        }
      }
    },

    async createFirst() {
      if (registry.keys().byId.size > 0) return undefined;
      const key = newKey();
      try {
        const data = { name: 'First key', key_hash: hash(key), permissions: ['*'] };
        await create(FIRST_KEY, data, newId());
        return key;
      } catch (error) {
        if (error instanceof WrongExpectedRevision) return undefined; // another instance was first, and says its own key
        throw error;
      }
    },

    async recordSightings() {
      const { byId, revisions } = registry.keys();
      for (const { id, seenAt } of byId.values()) {
        const seen = registry.seenAt(id);
        const recorded = seenAt === undefined ? -Infinity : Date.parse(seenAt);
        if (id === CONFIGURED || seen === undefined || seen - recorded < BETWEEN_SIGHTINGS_MS) continue;
        const data = { at: new Date(seen).toISOString() };
        try {
          await append(id, { type: 'ApiKeySeen', data }, newId(), revisions.get(id)!);
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error; // another instance has just written it
        }
      }
    },
  };
};
