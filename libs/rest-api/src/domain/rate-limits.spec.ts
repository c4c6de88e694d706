import { permissions, rateLimitBuckets, type RateLimitBucket } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { bucketByBody, bucketOf, isCountedByBody, limitsOf } from './rate-limits.ts';

const none = new Map();
const minute = 60_000;

describe('the limits', () => {
  it.each([
    ['users.track', 3_000, 3_000],
    ['users.track.sync', 500, minute],
    ['users.track.bulk', 50, 1_000],
    ['users.identity', 20_000, minute],
    ['users.external_ids.rename', 1_000, minute],
    ['users.external_ids.remove', 1_000, minute],
    ['users.export.ids', 250, minute],
    ['users.export.ids.fields', 40, 1_000],
    ['subscription.status.set', 5_000, minute],
    ['lists', 1_000, 60 * minute],
    ['default', 250_000, 60 * minute],
  ] as const)('of the hosted service let %s have %d calls in %d ms', (bucket, requests, windowMs) => {
    expect(limitsOf('braze', none)[bucket]).toEqual({ requests, windowMs, binding: true });
  });

  it('bind nobody where the deployment is open', () => {
    for (const limit of Object.values(limitsOf('open', none))) {
      expect(limit.binding).toBe(false);
      expect(limit.requests / limit.windowMs).toBeGreaterThan(200); // calls a millisecond
    }
  });

  it('can be set one by one, in both directions', () => {
    const limits = limitsOf('braze', new Map([['users.track.sync', 'off']] as const));
    expect(limits['users.track.sync'].binding).toBe(false);
    expect(limits['users.track'].binding).toBe(true);
    const limit = { requests: 2, windowMs: 1_000 };
    const open = limitsOf('open', new Map([['users.track', limit]] as const));
    expect(open['users.track']).toEqual({ ...limit, binding: true });
    expect(open['users.track.sync'].binding).toBe(false);
  });
});

describe('a call', () => {
  const together = (bucket: RateLimitBucket) =>
    permissions.filter((permission) => bucketOf(permission) === bucket);

  it('is counted with those that the public API limits together', () => {
    expect(together('users.identity').toSorted()).toEqual([
      'users.alias.new',
      'users.alias.update',
      'users.delete',
      'users.identify',
      'users.merge',
    ]);
    expect(together('lists')).toEqual(['events.list', 'purchases.product_list']);
  });
  it('is counted somewhere, and every bucket counts something', () => {
    const used = new Set(permissions.map(bucketOf));
    expect(rateLimitBuckets.filter((bucket) => !used.has(bucket))).toEqual(['users.export.ids.fields']);
  });
  it.each([
    [{ fields_to_export: ['email'] }, 'users.export.ids.fields'],
    [{ fields_to_export: [] }, 'users.export.ids.fields'],
    [{ fields_to_export: null }, 'users.export.ids'],
    [{ external_ids: ['a'] }, 'users.export.ids'],
    [null, 'users.export.ids'],
    ['fields_to_export', 'users.export.ids'],
  ])('that exports profiles is counted by its fields: %j', (body, bucket) => {
    expect(isCountedByBody('users.export.ids')).toBe(true);
    expect(bucketByBody(body)).toBe(bucket);
  });
});
