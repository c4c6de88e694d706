import type {
  AttributesUpdated,
  DroppedAttribute,
  Json,
  JsonObject,
  ProfileFields,
  SubscriptionGroupChanged,
} from '@hearth/contracts';
import type { UserCommand } from '@hearth/users';

import { knownNames } from './attribute-names.ts';
import { isAttributeName, readAttribute } from './custom-attributes.ts';
import { refusals, type Refusal } from './errors.ts';
import type { Identity } from './identifiers.ts';
import { readForced } from './forced-types.ts';
import { fitsIn } from './json-bytes.ts';
import { MAX_CHARS, MAX_NESTED_BYTES } from './limits.ts';
import { Flaw } from './nested-values.ts';
import type { ObjectReading } from './object-reading.ts';
import type { Writable } from './profile-fields.ts';
import { readPushTokens } from './push-tokens.ts';
import { readSubscriptionGroups } from './subscription-groups.ts';
import type { TrackRules } from './track-rules.ts';

const TOO_LARGE = new Flaw('too_large');

/** An object can name more attributes than a profile lists rejections; those beyond this are left out of the list. */
const MAX_DROPPED = 20;

/** What the identifiers of an attributes object leave to it. */
export interface AttributesContext extends Pick<Identity, 'contact'> {
  /** Tokens go to identified profiles, and to those that an import makes (§7.3). */
  readonly mayHoldTokens: boolean;
}

/**
 * Reads an attributes object (§7, §8): profile fields are normalised, everything else that is no control key is a custom
 * attribute. An object without anything to store is a write as well: it makes the profile.
 *
 * @param bytesAtMost upper bound of the object's size, so that small ones need not be measured.
 */
export const readAttributesObject = (
  object: JsonObject,
  { contact, mayHoldTokens }: AttributesContext,
  rules: TrackRules,
  bytesAtMost: number,
): ObjectReading | Refusal => {
  const merge = object['_merge_objects'];
  if (merge !== undefined && merge !== null && typeof merge !== 'boolean')
    return refusals.invalid('_merge_objects');

  const data: Writable<AttributesUpdated> = {};
  const fields: Writable<ProfileFields> = {};
  if (contact.email !== undefined) fields.email = contact.email;
  if (contact.phone !== undefined) fields.phone = contact.phone;
  const custom: Record<string, Json> = {};
  const named: string[] = [];
  const dropped: DroppedAttribute[] = [];
  let groups: readonly SubscriptionGroupChanged[] = [];
  let limits: Record<string, number> | undefined;
  const mayBeLarge = bytesAtMost > MAX_NESTED_BYTES;
  let taken = 0;

  const known = knownNames(rules);
  for (const name in object) {
    const sent = object[name]!;
    const meaning = known.get(name);
    if (meaning?.kind === 'left_out') continue;
    if (meaning?.kind === 'field') {
      const refusal = meaning.read(sent, fields);
      if (refusal !== undefined) return refusal;
      continue;
    }
    if (meaning?.kind === 'subscription_groups') {
      const changes = readSubscriptionGroups(sent, rules);
      if (typeof changes === 'string') return changes;
      groups = changes;
      continue;
    }
    if (meaning?.kind === 'push_tokens') {
      const tokens = readPushTokens(sent, rules);
      if (typeof tokens === 'string') return tokens;
      if (tokens !== null && tokens.length > 0 && !mayHoldTokens) return refusals.pushTokenOwner;
      if (tokens === null || tokens.length > 0) data.push_tokens = tokens;
      continue;
    }
    if (meaning?.kind === 'refused') return refusals.invalid(name);
    if (!isAttributeName(name)) {
      if (dropped.length < MAX_DROPPED) dropped.push({ name: shortened(name), reason: 'bad_name' });
      continue;
    }
    named.push(name);
    const rule = meaning?.rule;
    const tooLarge = mayBeLarge && typeof sent === 'object' && !fitsIn(MAX_NESTED_BYTES, sent);
    const value = tooLarge
      ? TOO_LARGE
      : rule?.forcedType === undefined
        ? readAttribute(sent)
        : readForced(sent, rule.forcedType);
    if (value instanceof Flaw) {
      if (dropped.length < MAX_DROPPED) dropped.push({ name, reason: value.reason });
    } else {
      custom[name] = value;
      taken++;
      if (rule?.listLimit !== undefined && typeof value === 'object' && value !== null)
        (limits ??= {})[name] = rule.listLimit;
    }
  }

  if (hasAny(fields)) data.fields = fields;
  if (taken > 0) data.custom = custom;
  if (merge === true) data.merge_objects = true;
  if (limits !== undefined) data.list_limits = limits;
  if (dropped.length > 0) data.dropped = dropped;
  const update: UserCommand = { type: 'UpdateAttributes', data };
  const commands =
    groups.length === 0
      ? [update]
      : [update, ...groups.map((group): UserCommand => ({ type: 'ChangeSubscriptionGroup', data: group }))];
  const reading: Writable<ObjectReading> = {
    commands,
    select: named.length > 0 ? { custom_attributes: named } : {},
  };
  if (data.push_tokens) reading.gainsTokens = data.push_tokens;
  if (groups.length > 0 || fields.email_subscribe !== undefined) reading.changesSubscriptions = true;
  return reading;
};

const hasAny = (fields: ProfileFields): boolean => {
  for (const _ in fields) return true;
  return false;
};

/** Names that are no names may be of any length: enough is kept to know them by. */
const shortened = (name: string): string => name.slice(0, MAX_CHARS).toWellFormed();
