import type { ApiKeyEvent } from '@hearth/contracts';

/** A key as services know it: what it may do and from where, by the hash of the key itself. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly keyHash: string;
  readonly permissions: ReadonlySet<string>;
  /** Addresses and subnets; empty where it may be used from anywhere. */
  readonly ipAllowlist: readonly string[];
  /** ISO 8601; undefined for a key of the settings. */
  readonly createdAt: string | undefined;
  /** The id of the key that made it. */
  readonly createdBy: string | undefined;
  /** When the log last says that it was used: ISO 8601. */
  readonly seenAt: string | undefined;
}

/** Every key that is valid now, by hash and by id; and how far each stream was folded, those of revoked keys too. */
export interface ApiKeys {
  readonly byHash: ReadonlyMap<string, ApiKey>;
  readonly byId: ReadonlyMap<string, ApiKey>;
  readonly revisions: ReadonlyMap<string, number>;
}

export const noApiKeys: ApiKeys = { byHash: new Map(), byId: new Map(), revisions: new Map() };

/** What the fold needs of an event of `apikey-<id>`. */
export interface ApiKeyFact {
  readonly type: string;
  readonly data: unknown;
  readonly revision: number;
  readonly metadata: { readonly received_at: string };
}

/** Folds one event of a key's stream; one that was folded before changes nothing. Keys are few and change rarely, so the maps are copied. */
export const evolveApiKeys = (keys: ApiKeys, id: string, event: ApiKeyFact): ApiKeys => {
  if (event.revision <= (keys.revisions.get(id) ?? -1)) return keys;
  const revisions = new Map(keys.revisions).set(id, event.revision);
  return { ...changed(keys, id, event), revisions };
};

const changed = (keys: ApiKeys, id: string, event: ApiKeyFact): ApiKeys => {
  const { type, data } = event as ApiKeyEvent;
  const key = keys.byId.get(id);
  switch (type) {
    case 'ApiKeyCreated':
      return withKey(keys, {
        id,
        name: data.name,
        keyHash: data.key_hash,
        permissions: new Set(data.permissions),
        ipAllowlist: data.ip_allowlist ?? [],
        createdAt: event.metadata.received_at,
        createdBy: data.created_by,
        seenAt: undefined,
      });
    case 'ApiKeySeen':
      return key ? withKey(keys, { ...key, seenAt: data.at }) : keys;
    case 'ApiKeyRevoked':
      return key ? withoutKey(keys, key) : keys;
    default:
      return keys;
  }
};

export const withKey = (keys: ApiKeys, key: ApiKey): ApiKeys => ({
  ...keys,
  byHash: new Map(keys.byHash).set(key.keyHash, key),
  byId: new Map(keys.byId).set(key.id, key),
});

const withoutKey = (keys: ApiKeys, { id, keyHash }: ApiKey): ApiKeys => {
  const byHash = new Map(keys.byHash);
  const byId = new Map(keys.byId);
  byHash.delete(keyHash);
  byId.delete(id);
  return { ...keys, byHash, byId };
};
