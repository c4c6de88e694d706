import { isJsonObject, type Json } from '@hearth/contracts';

import { readAttributesObject } from './attributes-object.ts';
import { readPushTokenImport } from './unfolded-fields.ts';
import { refusals, type Refusal } from './errors.ts';
import { readEventObject } from './event-object.ts';
import { readIdentity } from './identifiers.ts';
import { readPurchaseObject } from './purchase-object.ts';
import type { InputArray } from './input-array.ts';
import type { TrackObject } from './track-object.ts';
import type { TrackRules } from './track-rules.ts';
import { inspect } from './unsafe-values.ts';

/** A valid object that names nobody and asks for nothing: an import of push tokens, which are not stored. */
export const NOTHING_TO_DO = Symbol('nothing to do');

/**
 * Reads one entry of a track array.
 *
 * @param now epoch milliseconds.
 */
export const readObject = (
  entry: Json,
  inputArray: InputArray,
  index: number,
  rules: TrackRules,
  now: number,
): TrackObject | typeof NOTHING_TO_DO | Refusal => {
  if (!isJsonObject(entry)) return refusals.identifierRequired;
  const bytesAtMost = inspect(entry);
  if (typeof bytesAtMost === 'string') return bytesAtMost;

  if (inputArray === 'attributes' && entry['push_token_import'] !== undefined) {
    const isImport = readPushTokenImport(entry, rules);
    if (isImport !== false) return isImport === true ? NOTHING_TO_DO : isImport;
  }
  const identity = readIdentity(entry, rules);
  if (typeof identity === 'string') return identity;
  const reading =
    inputArray === 'attributes'
      ? readAttributesObject(entry, identity, rules, bytesAtMost)
      : inputArray === 'events'
        ? readEventObject(entry, identity, rules, now, bytesAtMost)
        : readPurchaseObject(entry, identity, rules, now, bytesAtMost);
  if (typeof reading === 'string') return reading;
  const { identifier, echo, updateExistingOnly } = identity;
  return { inputArray, index, identifier, echo, updateExistingOnly, ...reading };
};
