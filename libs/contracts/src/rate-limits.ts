/**
 * What calls are counted in (user-data API §3). Endpoints that the public API limits together share a bucket: `users.identity`
 * is for aliases, identify, merge and delete, `lists` for events and products, `default` for whatever has none of its own.
 */
export const rateLimitBuckets = [
  'users.track',
  'users.track.sync',
  'users.track.bulk',
  'users.identity',
  'users.external_ids.rename',
  'users.external_ids.remove',
  'users.export.ids',
  'users.export.ids.fields',
  'subscription.status.set',
  'lists',
  'default',
] as const;
export type RateLimitBucket = (typeof rateLimitBuckets)[number];

/** So many calls in a window of so many milliseconds. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

/** Limits that a deployment sets by itself. `off`: never refused. */
export type RateLimitOverrides = ReadonlyMap<RateLimitBucket, RateLimit | 'off'>;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

const parseLimit = (text: string): RateLimit | 'off' | undefined => {
  if (text === '0' || text === 'off') return 'off';
  const match = /^([1-9]\d{0,8})\/([1-9]\d{0,3})?([smh])$/.exec(text);
  if (!match) return undefined;
  const [, requests, count = '1', unit] = match;
  return { requests: Number(requests), windowMs: Number(count) * UNITS[unit!]! };
};

/** Reads `users.track=100/1s,users.track.sync=0`. Undefined where it is not that, or names a bucket that does not exist. */
export const parseRateLimitOverrides = (text: string): RateLimitOverrides | undefined => {
  const overrides = new Map<RateLimitBucket, RateLimit | 'off'>();
  for (const entry of text.split(',').filter((part) => part.trim() !== '')) {
    const [name = '', limitText = ''] = entry.split(/=(.*)/).map((part) => part.trim());
    const bucket = rateLimitBuckets.find((known) => known === name);
    const limit = parseLimit(limitText);
    if (bucket === undefined || limit === undefined) return undefined;
    overrides.set(bucket, limit);
  }
  return overrides;
};

/** What a process that owns profiles also answers: it counts calls for all. Both sides are lists of the same length. */
export const rateLimitsTakeSubject = (owner: string): string => `ratelimits.take.${owner}`;

/** Asks for one call of a bucket. Who asks says the limit: counters know none. */
export interface TakeRateLimit {
  readonly bucket: string;
  readonly requests: number;
  readonly window_ms: number;
}

export interface TakenRateLimit {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Milliseconds until the window ends: clocks of machines differ. */
  readonly ends_in_ms: number;
}
