import type { RateLimit } from '@hearth/contracts';

/** A window that calls are counted in. It begins with the first call after the last one ended. Changed in place: one a bucket. */
export interface RateWindow {
  used: number;
  /** Epoch milliseconds. */
  endsAt: number;
}

export const newRateWindow = (): RateWindow => ({ used: 0, endsAt: 0 });

/** How a bucket stands for a call. */
export interface RateStanding {
  /** False where the call is one too many. */
  readonly allowed: boolean;
  /** Calls in a window. */
  readonly limit: number;
  /** Calls that are left in this one. */
  readonly remaining: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** A window that ends later than any can is one from before the clock was set back. */
const isOver = ({ endsAt }: RateWindow, { windowMs }: RateLimit, now: number): boolean =>
  now >= endsAt || endsAt - now > windowMs;

/** Counts one call. Refused ones are not counted: they do not make the next window later or fuller. */
export const takeFrom = (window: RateWindow, limit: RateLimit, now: number): RateStanding => {
  if (isOver(window, limit, now)) {
    window.used = 0;
    window.endsAt = now + limit.windowMs;
  }
  const allowed = window.used < limit.requests;
  if (allowed) window.used++;
  return { allowed, limit: limit.requests, remaining: limit.requests - window.used, endsAt: window.endsAt };
};

/** How the bucket would stand, without a call counted. */
export const standingOf = (window: RateWindow, limit: RateLimit, now: number): RateStanding => {
  const { used, endsAt } = isOver(window, limit, now) ? { used: 0, endsAt: now + limit.windowMs } : window;
  return { allowed: used < limit.requests, limit: limit.requests, remaining: limit.requests - used, endsAt };
};
