import type { RateLimitBucket } from '@hearth/contracts';

import type { BucketLimit, BucketLimits } from '../domain/rate-limits.ts';
import { newRateWindow, standingOf, takeFrom, type RateStanding } from '../domain/rate-window.ts';

/** Counts calls against the limits of a deployment. */
export interface RateLimiter {
  /** Counts one call. A promise only where the limit binds, since it is then counted for all instances at one place. */
  take(bucket: RateLimitBucket, now: number): RateStanding | Promise<RateStanding>;
  /** How a bucket stands as far as this process knows, for calls that are refused before they are counted. */
  standing(bucket: RateLimitBucket, now: number): RateStanding;
}

/** Counts a call at the place where all instances count; undefined where that is away. Never rejects. */
export type TakeShared = (
  bucket: RateLimitBucket,
  limit: BucketLimit,
  now: number,
) => Promise<RateStanding | undefined>;

/**
 * While the common place is away, an instance counts on from what it last heard: calls go on, and no instance lets through
 * more than the whole limit (decision 11).
 */
export const rateLimiter = (limits: BucketLimits, takeShared: TakeShared): RateLimiter => {
  const windows = new Map((Object.keys(limits) as RateLimitBucket[]).map((name) => [name, newRateWindow()]));

  const takeBinding = async (
    bucket: RateLimitBucket,
    limit: BucketLimit,
    now: number,
  ): Promise<RateStanding> => {
    const window = windows.get(bucket)!;
    const standing = await takeShared(bucket, limit, now);
    if (standing === undefined) return takeFrom(window, limit, now);
    window.used = limit.requests - standing.remaining;
    window.endsAt = standing.endsAt;
    return standing;
  };

  return {
    take(bucket, now) {
      const limit = limits[bucket];
      return limit.binding ? takeBinding(bucket, limit, now) : takeFrom(windows.get(bucket)!, limit, now);
    },
    standing: (bucket, now) => standingOf(windows.get(bucket)!, limits[bucket], now),
  };
};
