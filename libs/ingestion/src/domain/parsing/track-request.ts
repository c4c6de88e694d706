import { isJsonObject, type Json } from '@hearth/contracts';

import { noValidData, overLimit, type FatalError, type ObjectError } from './errors.ts';
import type { Writable } from './profile-fields.ts';
import { readObject } from './read-object.ts';
import { INPUT_ARRAYS, type InputArray } from './input-array.ts';
import { isImport, type PushTokenImport, type TrackObject } from './track-object.ts';
import type { TrackRules } from './track-rules.ts';

/** The valid part of a `/users/track` body, and why the rest is not. */
export interface TrackRequest {
  /** What to apply: attributes, then events, then purchases, each in the order sent. */
  readonly objects: readonly TrackObject[];
  /** Valid entries that name nobody: imports of push tokens. */
  readonly imports: readonly PushTokenImport[];
  readonly errors: readonly ObjectError[];
  /** The counters of the answer, zero ones left out as the API does (user-data API §5.2). */
  readonly processed: ProcessedCounts;
}

export type ProcessedCounts = { readonly [K in `${InputArray}_processed`]?: number };

/**
 * Reads a `/users/track` body (user-data API §5, §7 to §11). The body is refused as a whole where it has no array, one that
 * is not an array, too many objects, or no valid object. A null array counts as absent, as it does for sync.
 *
 * @param body what `JSON.parse` made of the text.
 * @param now epoch milliseconds; event times after it become it.
 */
export const parseTrack = (body: unknown, rules: TrackRules, now: number): TrackRequest | FatalError => {
  if (!isJsonObject(body)) return noValidData();
  const arrays: (readonly Json[])[] = [];
  for (const name of INPUT_ARRAYS) {
    const sent = Object.hasOwn(body, name) ? (body[name] ?? []) : [];
    if (!Array.isArray(sent)) return noValidData();
    arrays.push(sent as readonly Json[]);
  }
  const total = arrays.reduce((sum, array) => sum + array.length, 0);
  const counted = rules.limit.mode === 'combined' ? total : Math.max(...arrays.map((array) => array.length));
  if (counted > rules.limit.objects) return overLimit();

  const objects: TrackObject[] = [];
  const imports: PushTokenImport[] = [];
  const errors: ObjectError[] = [];
  const processed: Writable<ProcessedCounts> = {};
  INPUT_ARRAYS.forEach((inputArray, at) => {
    let accepted = 0;
    arrays[at]!.forEach((entry, index) => {
      const reading = readObject(entry, inputArray, index, rules, now);
      if (typeof reading === 'string') {
        errors.push({ type: reading, input_array: inputArray, index });
        return;
      }
      if (isImport(reading)) imports.push(reading);
      else objects.push(reading);
      accepted++;
    });
    if (accepted > 0) processed[`${inputArray}_processed`] = accepted;
  });
  return errors.length === total ? noValidData(errors) : { objects, imports, errors, processed };
};
