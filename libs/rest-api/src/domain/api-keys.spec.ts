import { describe, expect, it } from 'vitest';

import { authorize, evolveApiKeys, noApiKeys } from './api-keys.ts';

const hash = (key: string): string => `hash of ${key}`;
const created = (id: string, key: string, permissions: string[]) =>
  evolveApiKeys(noApiKeys, id, {
    type: 'ApiKeyCreated',
    data: { name: id, key_hash: hash(key), permissions },
  });

describe('API keys', () => {
  const keys = created('1', 'good-key', ['users.track']);

  it('lets a known key do what it may', () => {
    expect(authorize(keys, 'Bearer good-key', 'users.track', hash)).toBeUndefined();
  });
  it('lets a key for everything do everything', () => {
    expect(authorize(created('2', 'k', ['*']), 'Bearer k', 'users.track.sync', hash)).toBeUndefined();
  });
  it('answers 403 where the permission is missing', () => {
    expect(authorize(keys, 'Bearer good-key', 'users.track.sync', hash)).toEqual({
      status: 403,
      message: 'Access Denied',
    });
  });
  it.each([
    undefined,
    '',
    'good-key',
    'bearer good-key',
    'Bearer',
    'Bearer ',
    'Bearer "good-key"',
    'Bearer  good-key',
    'Bearer bad',
    'Basic good-key',
  ])('answers 401 to %j', (header) => {
    expect(authorize(keys, header, 'users.track', hash)).toEqual({ status: 401, message: 'Invalid API Key' });
  });
  it('forgets a revoked key', () => {
    const revoked = evolveApiKeys(keys, '1', { type: 'ApiKeyRevoked', data: {} });
    expect(authorize(revoked, 'Bearer good-key', 'users.track', hash)?.status).toBe(401);
  });
});
