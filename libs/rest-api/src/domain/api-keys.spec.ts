import { describe, expect, it } from 'vitest';

import { evolveApiKeys, noApiKeys, type ApiKeys } from './api-keys.ts';

const at = '2026-01-31T12:00:00.000Z';
const fact = (revision: number, type: string, data: unknown) => ({
  type,
  data,
  revision,
  metadata: { received_at: at },
});
const created = fact(0, 'ApiKeyCreated', {
  name: 'Shop',
  key_hash: 'h',
  permissions: ['users.track'],
  ip_allowlist: ['10.0.0.0/8'],
  created_by: 'first',
});
const folded = (...events: ReturnType<typeof fact>[]): ApiKeys =>
  events.reduce((keys, event) => evolveApiKeys(keys, '1', event), noApiKeys);

describe('the keys of a log', () => {
  it('are known by id and by hash, with what they were made of', () => {
    const keys = folded(created);
    expect(keys.byId.get('1')).toEqual({
      id: '1',
      name: 'Shop',
      keyHash: 'h',
      permissions: new Set(['users.track']),
      ipAllowlist: ['10.0.0.0/8'],
      createdAt: at,
      createdBy: 'first',
      seenAt: undefined,
    });
    expect(keys.byHash.get('h')).toBe(keys.byId.get('1'));
  });
  it('of the first days may be used from anywhere', () => {
    const { ip_allowlist, created_by, ...data } = created.data as Record<string, unknown>;
    const key = folded(fact(0, 'ApiKeyCreated', data)).byId.get('1');
    expect(key).toMatchObject({ ipAllowlist: [], createdBy: undefined });
  });
  it('remember when they were last seen', () => {
    const keys = folded(created, fact(1, 'ApiKeySeen', { at: '2026-02-01T00:00:00.000Z' }));
    expect(keys.byHash.get('h')?.seenAt).toBe('2026-02-01T00:00:00.000Z');
  });
  it('are forgotten once revoked, also where an earlier event comes again', () => {
    const keys = folded(created, fact(1, 'ApiKeyRevoked', {}), created);
    expect([keys.byId.size, keys.byHash.size]).toEqual([0, 0]);
  });
  it('stay as they are with events of a newer version', () => {
    expect(folded(created, fact(1, 'ApiKeyPraised', {})).byId.size).toBe(1);
  });
});
