import { identifierKey } from '@hearth/contracts';

import { isFatal, overLimit, type FatalError } from './errors.ts';
import { parseTrack, type TrackRequest } from './track-request.ts';
import type { TrackRules } from './track-rules.ts';

/** Objects of one bulk request, over its three arrays (user-data API §3). */
export const MAX_BULK_OBJECTS = 1_000;
/** Objects of one bulk request for one profile, by the identifier they name it with (§3). */
export const MAX_BULK_OBJECTS_PER_PROFILE = 100;

/**
 * Reads a `/users/track/bulk` body: like `/users/track`, with limits of its own.
 *
 * @param now epoch milliseconds; event times after it become it.
 */
export const parseTrackBulk = (body: unknown, rules: TrackRules, now: number): TrackRequest | FatalError => {
  const limit = { mode: 'combined', objects: MAX_BULK_OBJECTS } as const;
  const request = parseTrack(body, { ...rules, limit }, now);
  if (isFatal(request)) return request;
  const counts = new Map<string, number>();
  for (const { identifier } of request.objects) {
    const key = identifierKey(identifier);
    const count = (counts.get(key) ?? 0) + 1;
    if (count > MAX_BULK_OBJECTS_PER_PROFILE) return overLimit();
    counts.set(key, count);
  }
  return request;
};
