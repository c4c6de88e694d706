import { isJsonObject, type Json } from '@hearth/contracts';

import { moreThanOne, noValidData, type FatalError } from './errors.ts';
import { readObject } from './read-object.ts';
import { INPUT_ARRAYS, type InputArray } from './input-array.ts';
import type { PushTokenImport, TrackObject } from './track-object.ts';
import type { TrackRules } from './track-rules.ts';

/** The one object of a `/users/track/sync` body. */
export interface TrackSyncRequest {
  readonly object: TrackObject | PushTokenImport;
}

/**
 * Reads a `/users/track/sync` body (user-data API §6.1, §6.3): one object, by itself or in an array, under one of the three
 * keys. Null and empty arrays count as absent.
 *
 * @param body what `JSON.parse` made of the text.
 * @param now epoch milliseconds; an event time after it becomes it.
 */
export const parseTrackSync = (
  body: unknown,
  rules: TrackRules,
  now: number,
): TrackSyncRequest | FatalError => {
  if (!isJsonObject(body)) return noValidData();
  let only: { readonly entry: Json; readonly inputArray: InputArray } | undefined;
  for (const inputArray of INPUT_ARRAYS) {
    const sent = Object.hasOwn(body, inputArray) ? (body[inputArray] ?? []) : [];
    if (typeof sent !== 'object') return noValidData();
    const entries: readonly Json[] = Array.isArray(sent) ? (sent as readonly Json[]) : [sent];
    if (entries.length === 0) continue;
    if (only !== undefined) return moreThanOne(inputArray, 0);
    if (entries.length > 1) return moreThanOne(inputArray, 1);
    only = { entry: entries[0]!, inputArray };
  }
  if (only === undefined) return noValidData();
  const reading = readObject(only.entry, only.inputArray, 0, rules, now);
  if (typeof reading === 'string')
    return noValidData([{ type: reading, input_array: only.inputArray, index: 0 }]);
  return { object: reading };
};
