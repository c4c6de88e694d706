import {
  rateLimitsTakeSubject,
  type RateLimitBucket,
  type TakenRateLimit,
  type TakeRateLimit,
} from '@hearth/contracts';
import { coalesce, type Messaging } from '@hearth/messaging';
import type { ProfileOwners } from '@hearth/profiles-client';

import { newRateWindow, takeFrom, type RateWindow } from '../domain/rate-window.ts';
import type { Clock } from './clock.ts';
import type { TakeShared } from './rate-limiter.ts';

/** An owner that was there a moment ago gets this long to answer; one that is away is noticed at once. */
const TIMEOUT_MS = 2_000;

/** The partition whose owner counts a bucket: any will do, as long as everybody means the same and buckets are spread. */
const partitionOf = (bucket: RateLimitBucket): string => {
  let sum = 0;
  for (const character of bucket) sum = (sum * 31 + character.charCodeAt(0)) % 256;
  return sum.toString(16).padStart(2, '0');
};

/** Asks the owner of a bucket. Calls that come in one turn travel as one message. */
export const askOwner = (messaging: Messaging, owners: Pick<ProfileOwners, 'ownerOf'>): TakeShared => {
  const ask = coalesce(messaging);
  return async (bucket, { requests, windowMs }, now) => {
    const owner = owners.ownerOf(partitionOf(bucket));
    if (owner === undefined) return undefined;
    const wanted: TakeRateLimit = { bucket, requests, window_ms: windowMs };
    try {
      const taken = await ask<TakenRateLimit>(rateLimitsTakeSubject(owner), wanted, {
        timeoutMs: TIMEOUT_MS,
      });
      const { allowed, remaining, ends_in_ms: endsIn } = taken;
      return { allowed, limit: requests, remaining, endsAt: now + endsIn };
    } catch {
      return undefined;
    }
  };
};

/** Counts for all instances, in the memory of the process that owns a partition. */
export interface RateCounters {
  take(requests: readonly TakeRateLimit[]): readonly TakenRateLimit[];
}

/** Instances that are set to different limits are counted apart, each group by its own. */
export const rateCounters = (clock: Clock): RateCounters => {
  const windows = new Map<string, RateWindow>();
  const take = ({ bucket, requests, window_ms: windowMs }: TakeRateLimit, now: number): TakenRateLimit => {
    const name = `${bucket} ${requests}/${windowMs}`;
    let window = windows.get(name);
    if (!window) windows.set(name, (window = newRateWindow()));
    const { allowed, remaining, endsAt } = takeFrom(window, { requests, windowMs }, now);
    return { allowed, remaining, ends_in_ms: endsAt - now };
  };
  return {
    take(requests) {
      const now = clock.now();
      return requests.map((request) => take(request, now));
    },
  };
};
