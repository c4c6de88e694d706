import type { ApiKeyEvent, Permission } from '@hearth/contracts';

/** A key as services know it: what it may do, by the hash of the key itself. */
export interface ApiKey {
  readonly id: string;
  readonly keyHash: string;
  readonly permissions: ReadonlySet<string>;
}

/** Every key that is valid now, by hash and by id. */
export interface ApiKeys {
  readonly byHash: ReadonlyMap<string, ApiKey>;
  readonly byId: ReadonlyMap<string, ApiKey>;
}

export const noApiKeys: ApiKeys = { byHash: new Map(), byId: new Map() };

/** Folds one event of `apikey-<id>`. Keys are few and change rarely, so the maps are copied. */
export const evolveApiKeys = (
  keys: ApiKeys,
  id: string,
  event: { readonly type: string; readonly data: unknown },
): ApiKeys => {
  const { type, data } = event as ApiKeyEvent;
  switch (type) {
    case 'ApiKeyCreated':
      return withKey(keys, { id, keyHash: data.key_hash, permissions: new Set(data.permissions) });
    case 'ApiKeyRevoked':
      return withoutKey(keys, id);
    default:
      return keys;
  }
};

export const withKey = (keys: ApiKeys, key: ApiKey): ApiKeys => ({
  byHash: new Map(keys.byHash).set(key.keyHash, key),
  byId: new Map(keys.byId).set(key.id, key),
});

const withoutKey = (keys: ApiKeys, id: string): ApiKeys => {
  const byHash = new Map(keys.byHash);
  const byId = new Map(keys.byId);
  const key = byId.get(id);
  if (key) byHash.delete(key.keyHash);
  byId.delete(id);
  return { byHash, byId };
};

/** Why a call is not let in: 401 for a key that nobody knows, 403 for one that may not do this (user-data API §2.2). */
export type AccessDenied =
  | { readonly status: 401; readonly message: 'Invalid API Key' }
  | { readonly status: 403; readonly message: 'Access Denied' };

const invalid: AccessDenied = { status: 401, message: 'Invalid API Key' };
const denied: AccessDenied = { status: 403, message: 'Access Denied' };

const BEARER = /^Bearer (\S{1,256})$/;

/** Lets a call in or says why not. `hash` turns a key as sent into the form that is kept. */
export const authorize = (
  keys: ApiKeys,
  authorization: string | undefined,
  permission: Permission,
  hash: (key: string) => string,
): AccessDenied | undefined => {
  const sent = authorization === undefined ? null : BEARER.exec(authorization);
  const key = sent ? keys.byHash.get(hash(sent[1]!)) : undefined;
  if (!key) return invalid;
  return key.permissions.has(permission) || key.permissions.has('*') ? undefined : denied;
};
