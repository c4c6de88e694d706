import type { Permission, RateLimit, RateLimitBucket, RateLimitOverrides } from '@hearth/contracts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The limits of the hosted service (user-data API §3). */
export const brazeLimits: Readonly<Record<RateLimitBucket, RateLimit>> = {
  'users.track': { requests: 3_000, windowMs: 3 * SECOND },
  'users.track.sync': { requests: 500, windowMs: MINUTE },
  'users.track.bulk': { requests: 50, windowMs: SECOND },
  'users.identity': { requests: 20_000, windowMs: MINUTE },
  'users.external_ids.rename': { requests: 1_000, windowMs: MINUTE },
  'users.external_ids.remove': { requests: 1_000, windowMs: MINUTE },
  'users.export.ids': { requests: 250, windowMs: MINUTE },
  'users.export.ids.fields': { requests: 40, windowMs: SECOND },
  'subscription.status.set': { requests: 5_000, windowMs: MINUTE },
  lists: { requests: 1_000, windowMs: HOUR },
  default: { requests: 250_000, windowMs: HOUR },
};

/**
 * What stands in the headers where nothing is limited: more than one process can answer in an hour, so that it never binds
 * and clients that pace themselves by the headers do not wait.
 */
const openLimit: RateLimit = { requests: 1_000_000_000, windowMs: HOUR };

/** The limit of one bucket. Only a binding one needs to be counted over all instances. */
export interface BucketLimit extends RateLimit {
  readonly binding: boolean;
}

export type BucketLimits = Readonly<Record<RateLimitBucket, BucketLimit>>;

/** The limits of a deployment: `open` limits nothing, `braze` as the hosted service does; single ones are set over that. */
export const limitsOf = (mode: 'open' | 'braze', overrides: RateLimitOverrides): BucketLimits => {
  const limitOf = (bucket: RateLimitBucket): BucketLimit => {
    const limit = overrides.get(bucket) ?? (mode === 'braze' ? brazeLimits[bucket] : 'off');
    return limit === 'off' ? { ...openLimit, binding: false } : { ...limit, binding: true };
  };
  const buckets = Object.keys(brazeLimits) as RateLimitBucket[];
  return Object.fromEntries(buckets.map((bucket) => [bucket, limitOf(bucket)])) as Record<
    RateLimitBucket,
    BucketLimit
  >;
};

const buckets: Readonly<Partial<Record<Permission, RateLimitBucket>>> = {
  'users.track': 'users.track',
  'users.track.sync': 'users.track.sync',
  'users.track.bulk': 'users.track.bulk',
  'users.alias.new': 'users.identity',
  'users.alias.update': 'users.identity',
  'users.identify': 'users.identity',
  'users.merge': 'users.identity',
  'users.delete': 'users.identity',
  'users.external_ids.rename': 'users.external_ids.rename',
  'users.external_ids.remove': 'users.external_ids.remove',
  'users.export.ids': 'users.export.ids',
  'subscription.status.set': 'subscription.status.set',
  'events.list': 'lists',
  'purchases.product_list': 'lists',
};

/** What calls with a permission are counted in. */
export const bucketOf = (permission: Permission): RateLimitBucket => buckets[permission] ?? 'default';

/** Whether it takes a body to tell in what a call is counted. */
export const isCountedByBody = (permission: Permission): boolean => permission === 'users.export.ids';

/** An export is counted by whether it says which fields it wants (user-data API §3). */
export const bucketByBody = (body: unknown): RateLimitBucket => {
  const fields =
    typeof body === 'object' && body !== null && Object.hasOwn(body, 'fields_to_export')
      ? (body as { fields_to_export: unknown }).fields_to_export
      : undefined;
  return fields === undefined || fields === null ? 'users.export.ids' : 'users.export.ids.fields';
};
