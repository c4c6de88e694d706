import type { AttributesUpdated, DroppedAttribute, Json, JsonObject, ProfileFields } from '@hearth/contracts';

import { isAttributeName, readAttribute } from './custom-attributes.ts';
import { checkUnfoldedField, isUnfoldedField } from './unfolded-fields.ts';
import { refusals, type Refusal } from './errors.ts';
import type { Identity } from './identifiers.ts';
import { fitsIn } from './json-bytes.ts';
import { MAX_NESTED_BYTES } from './limits.ts';
import { Flaw } from './nested-values.ts';
import type { ObjectReading } from './object-reading.ts';
import { profileField, type Writable } from './profile-fields.ts';
import type { TrackRules } from './track-rules.ts';

const TOO_LARGE = new Flaw('too_large');

/** An object can name more attributes than a profile lists rejections; those beyond this are left out of the list. */
const MAX_DROPPED = 20;

/** Names of an attributes object that are neither profile fields nor custom attributes (user-data API §7, §7.1). */
const NOT_STORED: ReadonlySet<string> = new Set([
  'external_id',
  'user_alias',
  'braze_id',
  'email',
  'phone',
  '_update_existing_only',
  '_merge_objects',
  'push_token_import',
  'alias_name',
  'alias_label',
  'bio',
]);

/**
 * Reads an attributes object (§7, §8): profile fields are normalised, everything else that is no control key is a custom
 * attribute. An object without anything to store is a write as well: it makes the profile.
 *
 * @param bytesAtMost upper bound of the object's size, so that small ones need not be measured.
 */
export const readAttributesObject = (
  object: JsonObject,
  identity: Identity,
  rules: TrackRules,
  bytesAtMost: number,
): ObjectReading | Refusal => {
  const merge = object['_merge_objects'];
  if (merge !== undefined && merge !== null && typeof merge !== 'boolean')
    return refusals.invalid('_merge_objects');

  const fields: Writable<ProfileFields> = { ...identity.contact };
  const custom: Record<string, Json> = {};
  const unfolded: Record<string, Json> = {};
  const named: string[] = [];
  const dropped: DroppedAttribute[] = [];
  const mayBeLarge = bytesAtMost > MAX_NESTED_BYTES;
  let taken = 0;

  for (const name of Object.keys(object)) {
    if (NOT_STORED.has(name)) continue;
    const sent = object[name]!;
    const readField = profileField(name);
    if (readField !== undefined || isUnfoldedField(name)) {
      const refusal = readField ? readField(sent, fields) : checkUnfoldedField(name, sent, rules);
      if (refusal !== undefined) return refusal;
      if (!readField) unfolded[name] = sent;
      continue;
    }
    if (name === 'email_subscription_info' || !isAttributeName(name)) return refusals.invalid(name);
    if (rules.blocklistedAttributes.has(name)) continue;
    named.push(name);
    const tooLarge = mayBeLarge && typeof sent === 'object' && !fitsIn(MAX_NESTED_BYTES, sent);
    const value = tooLarge ? TOO_LARGE : readAttribute(sent);
    if (value instanceof Flaw) {
      if (dropped.length < MAX_DROPPED) dropped.push({ name, reason: value.reason });
    } else {
      custom[name] = value;
      taken++;
    }
  }

  const data: Writable<AttributesUpdated> = {};
  if (Object.keys(fields).length > 0) data.fields = fields;
  if (taken > 0) data.custom = custom;
  if (merge === true) data.merge_objects = true;
  if (Object.keys(unfolded).length > 0) data.unfolded = unfolded;
  if (dropped.length > 0) data.dropped = dropped;
  return {
    commands: [{ type: 'UpdateAttributes', data }],
    select: named.length > 0 ? { custom_attributes: named } : {},
  };
};
