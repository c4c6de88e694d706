import { isJsonObject, type Json, type JsonObject } from '@hearth/contracts';

import { readAttributesObject } from './attributes-object.ts';
import { refusals, type Refusal } from './errors.ts';
import { readEventObject } from './event-object.ts';
import { readContact, readIdentity } from './identifiers.ts';
import { readPurchaseObject } from './purchase-object.ts';
import type { Writable } from './profile-fields.ts';
import { isPushTokenImport } from './push-tokens.ts';
import type { InputArray } from './input-array.ts';
import type { PushTokenImport, TrackObject } from './track-object.ts';
import type { TrackRules } from './track-rules.ts';
import { inspect } from './unsafe-values.ts';

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
): TrackObject | PushTokenImport | Refusal => {
  if (!isJsonObject(entry)) return refusals.identifierRequired;
  const bytesAtMost = inspect(entry);
  if (typeof bytesAtMost === 'string') return bytesAtMost;

  if (inputArray === 'attributes' && entry['push_token_import'] !== undefined) {
    const isImport = isPushTokenImport(entry);
    if (isImport !== false)
      return isImport === true ? readImport(entry, index, rules, bytesAtMost) : isImport;
  }
  const identity = readIdentity(entry, rules);
  if (typeof identity === 'string') return identity;
  const reading =
    inputArray === 'attributes'
      ? readAttributesObject(
          entry,
          { contact: identity.contact, mayHoldTokens: identity.identifier.kind === 'external_id' },
          rules,
          bytesAtMost,
        )
      : inputArray === 'events'
        ? readEventObject(entry, identity, rules, now, bytesAtMost)
        : readPurchaseObject(entry, identity, rules, now, bytesAtMost);
  if (typeof reading === 'string') return reading;
  const { identifier, echo, updateExistingOnly } = identity;
  const { commands, select, changesSubscriptions, gainsTokens } = reading;
  const object: Writable<TrackObject> = {
    inputArray,
    index,
    identifier,
    echo,
    updateExistingOnly,
    commands,
    select,
  };
  if (changesSubscriptions) object.changesSubscriptions = changesSubscriptions;
  if (gainsTokens) object.gainsTokens = gainsTokens;
  return object;
};

/** The tokens stand apart from the rest: each of them may make a profile (§7.3). */
const readImport = (
  entry: JsonObject,
  index: number,
  rules: TrackRules,
  bytesAtMost: number,
): PushTokenImport | Refusal => {
  const contact = readContact(entry, rules);
  if (typeof contact === 'string') return contact;
  const reading = readAttributesObject(entry, { contact, mayHoldTokens: true }, rules, bytesAtMost);
  if (typeof reading === 'string') return reading;
  const [update, ...more] = reading.commands;
  if (update?.type !== 'UpdateAttributes') return refusals.pushTokenImport;
  const { push_tokens: tokens, ...data } = update.data;
  return { inputArray: 'attributes', index, tokens: tokens ?? [], data, more };
};
