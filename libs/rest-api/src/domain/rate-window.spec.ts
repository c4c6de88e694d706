import { describe, expect, it } from 'vitest';

import { resetOf, retryAfterOf } from './rate-limit-headers.ts';
import { newRateWindow, standingOf, takeFrom } from './rate-window.ts';

const limit = { requests: 2, windowMs: 60_000 };
const start = 1_700_000_000_500;

describe('a window', () => {
  it('lets as many calls through as the limit says, and no more', () => {
    const window = newRateWindow();
    const taken = [0, 1, 59_999].map((after) => takeFrom(window, limit, start + after));
    const endsAt = start + 60_000;
    expect(taken).toEqual([
      { allowed: true, limit: 2, remaining: 1, endsAt },
      { allowed: true, limit: 2, remaining: 0, endsAt },
      { allowed: false, limit: 2, remaining: 0, endsAt },
    ]);
  });
  it('is followed by a new one that begins with the next call', () => {
    const window = newRateWindow();
    for (let call = 0; call < 5; call++) takeFrom(window, limit, start);
    expect(takeFrom(window, limit, start + 75_000)).toEqual({
      allowed: true,
      limit: 2,
      remaining: 1,
      endsAt: start + 135_000,
    });
  });
  it('begins anew where the clock was set back', () => {
    const window = newRateWindow();
    for (let call = 0; call < 3; call++) takeFrom(window, limit, start);
    expect(takeFrom(window, limit, start - 3_600_000)).toMatchObject({ allowed: true, remaining: 1 });
  });
  it('can be looked at without a call being counted', () => {
    const window = newRateWindow();
    expect(standingOf(window, limit, start)).toEqual({
      allowed: true,
      limit: 2,
      remaining: 2,
      endsAt: start + 60_000,
    });
    takeFrom(window, limit, start);
    takeFrom(window, limit, start);
    expect(standingOf(window, limit, start + 1)).toMatchObject({ allowed: false, remaining: 0 });
    expect(standingOf(window, limit, start + 60_000)).toMatchObject({ allowed: true, remaining: 2 });
  });
});

describe('what callers are told', () => {
  const standing = takeFrom(newRateWindow(), limit, start);

  it('is the second at which the window ends, or the seconds until then, never too early', () => {
    expect(resetOf(standing, 'epoch', start)).toBe(1_700_000_061);
    expect(resetOf(standing, 'seconds', start + 1_400)).toBe(59);
  });
  it('is to wait a second at least', () => {
    expect(retryAfterOf(standing, start)).toBe(60);
    expect(retryAfterOf(standing, standing.endsAt)).toBe(1);
  });
});
