import { describe, expect, it } from 'vitest';

import { parseRateLimitOverrides } from './rate-limits.ts';

describe('limits that a deployment sets', () => {
  it('are read one by one', () => {
    const text = 'users.track=100/1s, users.track.sync = 0 ,lists=off,default=7/15m,users.identity=1/h';
    expect([...parseRateLimitOverrides(text)!]).toEqual([
      ['users.track', { requests: 100, windowMs: 1_000 }],
      ['users.track.sync', 'off'],
      ['lists', 'off'],
      ['default', { requests: 7, windowMs: 900_000 }],
      ['users.identity', { requests: 1, windowMs: 3_600_000 }],
    ]);
  });
  it('are none where nothing is set', () => expect(parseRateLimitOverrides('')?.size).toBe(0));
  it.each([
    'users.trak=1/s',
    'users.track',
    'users.track=',
    'users.track=5',
    'users.track=5/0s',
    'users.track=-1/s',
    'users.track=1/d',
    'users.track=1/s=2/s',
  ])('are refused as %j', (text) => expect(parseRateLimitOverrides(text)).toBeUndefined());
});
