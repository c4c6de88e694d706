import { describe, expect, it } from 'vitest';

import { bearerOf, refusalOf, refusalToGrant, type Access } from './access.ts';

const access = (permissions: readonly string[], addresses?: readonly string[]): Access => ({
  permissions: new Set(permissions),
  addresses: addresses && { includes: (address) => addresses.includes(address) },
});
const from = { ip: '10.1.2.3' };
const denied = { status: 403, message: 'Access Denied' };

describe('the header', () => {
  it('carries the key after the word and one space', () => {
    expect(bearerOf('Bearer good-key')).toBe('good-key');
  });
  it.each([
    '',
    'good-key',
    'bearer good-key',
    'Bearer',
    'Bearer ',
    'Bearer  good-key',
    'Basic good-key',
    'Bearer a b',
  ])('is none as %j', (header) => expect(bearerOf(header)).toBeUndefined());
});

describe('a call', () => {
  it('of a known key goes on where the key may do it', () => {
    expect(refusalOf(access(['users.track']), 'users.track', from)).toBeUndefined();
  });
  it('of a key for everything goes on everywhere', () => {
    expect(refusalOf(access(['*']), 'users.track.sync', from)).toBeUndefined();
  });
  it('of an unknown key is a 401', () => {
    expect(refusalOf(undefined, 'users.track', from)).toEqual({ status: 401, message: 'Invalid API Key' });
  });
  it('without the permission is a 403', () => {
    expect(refusalOf(access(['users.track']), 'users.track.sync', from)).toEqual(denied);
  });
  it('from an address that the key is not bound to is a 403, from one that it is bound to goes on', () => {
    expect(refusalOf(access(['*'], ['192.0.2.1']), 'users.track', from)).toEqual(denied);
    expect(refusalOf(access(['*'], ['10.1.2.3']), 'users.track', from)).toBeUndefined();
  });
  it('is not asked for its address where the key is bound to none', () => {
    const unread = {
      get ip(): string {
        throw new Error('was read');
      },
    };
    expect(refusalOf(access(['*']), 'users.track', unread)).toBeUndefined();
  });
});

describe('making a key with another one', () => {
  const grant = (permissions: string[], ipAllowlist: string[] = []) => ({ permissions, ipAllowlist });
  it.each([
    [grant(['*']), grant(['*'])],
    [grant(['users.track', 'hearth.api_keys']), grant(['users.track'])],
    [grant(['*'], ['10.0.0.0/8', '::1']), grant(['users.track'], ['10.0.0.0/8'])],
  ])('passes on what that one has, or less (%#)', (own, wanted) => {
    expect(refusalToGrant(own, wanted)).toBeUndefined();
  });
  it.each([
    [grant(['hearth.api_keys']), grant(['*']), "'*'"],
    [grant(['hearth.api_keys']), grant(['hearth.api_keys', 'users.track']), "'users.track'"],
    [undefined, grant(['users.track']), 'Authorization'],
    [grant(['*'], ['10.0.0.0/8']), grant(['users.track']), '10.0.0.0/8'],
    [grant(['*'], ['10.0.0.0/8']), grant(['users.track'], ['10.0.0.0/8', '0.0.0.0/0']), '10.0.0.0/8'],
  ])('is refused beyond that (%#)', (own, wanted, said) => {
    expect(refusalToGrant(own, wanted)).toContain(said);
  });
});
