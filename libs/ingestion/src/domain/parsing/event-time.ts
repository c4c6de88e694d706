import type { Json } from '@hearth/contracts';

import { refusals, type Refusal } from './errors.ts';
import { canonicalTime, isStorable, parseTime, toIso } from './time-strings.ts';

/** When something happened. An object apart from the plain string that a refusal is. */
export interface EventTime {
  readonly iso: string;
}

/**
 * Reads the time of an event or purchase. What lies ahead happened now (user-data API §5.3, §9); a year before 0 is refused,
 * since it cannot be stored.
 *
 * @param now epoch milliseconds.
 */
export const readEventTime = (sent: Json | undefined, now: number): EventTime | Refusal => {
  if (sent === undefined || sent === null) return refusals.required('time');
  if (typeof sent !== 'string') return refusals.invalid('time');
  const canonical = canonicalTime(sent);
  const epochMs = canonical ?? parseTime(sent);
  if (epochMs === undefined) return refusals.invalid('time');
  if (epochMs > now) return { iso: toIso(now) };
  if (!isStorable(epochMs)) return refusals.invalid('time');
  return { iso: canonical === undefined ? toIso(epochMs) : sent };
};
