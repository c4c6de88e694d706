import { isJsonObject, type Json, type JsonObject } from '@hearth/contracts';

import { refusals, type Refusal } from './errors.ts';
import { isPresent } from './identifiers.ts';
import { fitsIn } from './json-bytes.ts';
import { MAX_NESTED_BYTES } from './limits.ts';
import type { TrackRules } from './track-rules.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/**
 * Fields of an attributes object that are checked as documented and kept in the event as sent, for a fold that reads them;
 * this one does not. They never become custom attributes. `push_token_import` with valid tokens is accepted and does nothing.
 */
export const UNFOLDED_FIELDS = ['subscription_groups', 'push_tokens', 'facebook', 'twitter'] as const;

type Check = (sent: Json, rules: TrackRules) => Refusal | undefined;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const subscriptionGroups: Check = (sent, { subscriptionGroupIds }) => {
  if (!Array.isArray(sent)) return refusals.subscriptionGroups;
  for (const group of sent as readonly Json[]) {
    if (!isJsonObject(group)) return refusals.subscriptionGroup;
    const {
      subscription_group_id: id,
      subscription_state: state,
      use_double_opt_in_logic: doubleOptIn,
    } = group;
    if (isAbsent(id) || isAbsent(state)) return refusals.subscriptionGroup;
    if (typeof id !== 'string' || !(subscriptionGroupIds?.has(id) ?? UUID.test(id)))
      return refusals.subscriptionGroupId;
    if (state !== 'subscribed' && state !== 'unsubscribed') return refusals.subscriptionGroupState;
    if (!isAbsent(doubleOptIn) && typeof doubleOptIn !== 'boolean')
      return refusals.invalid('use_double_opt_in_logic');
  }
  return undefined;
};

const pushTokens: Check = (sent, { appIds }) => {
  if (!Array.isArray(sent)) return refusals.pushTokens;
  for (const item of sent as readonly Json[]) {
    if (!isJsonObject(item)) return refusals.pushTokens;
    const { app_id: appId, token, device_id: deviceId } = item;
    if (typeof token !== 'string' || token === '') return refusals.pushToken;
    if (typeof appId !== 'string' || appId === '' || appIds?.has(appId) === false)
      return refusals.pushTokenApp;
    if (!isAbsent(deviceId) && !isDeviceId(deviceId)) return refusals.pushTokenDevice;
  }
  return undefined;
};

const isAbsent = (value: Json | undefined): value is null | undefined =>
  value === undefined || value === null;

const isDeviceId = (value: Json | undefined): boolean => {
  if (typeof value !== 'string') return false;
  const bytes = utf8Bytes(value);
  return bytes >= 8 && bytes <= 255;
};

const isText = (value: Json): boolean => typeof value === 'string';
const isInteger = (value: Json): boolean => Number.isInteger(value);
const isTextList = (value: Json): boolean => Array.isArray(value) && (value as readonly Json[]).every(isText);

const socialAccount =
  (field: string, parts: Readonly<Record<string, (value: Json) => boolean>>): Check =>
  (sent) => {
    if (!isJsonObject(sent)) return refusals.invalid(field);
    for (const [part, isValid] of Object.entries(parts)) {
      const value = sent[part];
      if (!isAbsent(value) && !isValid(value)) return refusals.invalid(field);
    }
    return undefined;
  };

const checks: Readonly<Record<(typeof UNFOLDED_FIELDS)[number], Check>> = {
  subscription_groups: subscriptionGroups,
  push_tokens: pushTokens,
  facebook: socialAccount('facebook', { id: isText, likes: isTextList, num_friends: isInteger }),
  twitter: socialAccount('twitter', {
    id: isInteger,
    screen_name: isText,
    followers_count: isInteger,
    friends_count: isInteger,
    statuses_count: isInteger,
  }),
};

const byName: ReadonlyMap<string, Check> = new Map(Object.entries(checks));

/** Whether a field of that name is checked here and not stored. */
export const isUnfoldedField = (name: string): boolean => byName.has(name);

/** Checks such a field; null clears it and is always valid (user-data API §4.3, §7.1). */
export const checkUnfoldedField = (name: string, sent: Json, rules: TrackRules): Refusal | undefined =>
  sent === null
    ? undefined
    : (byName.get(name)?.(sent, rules) ??
      (fitsIn(MAX_NESTED_BYTES, sent) ? undefined : refusals.invalid(name)));

/**
 * Reads `push_token_import` (§7.3): it needs tokens, and neither external_id nor braze_id.
 *
 * @returns true for a valid import, false where the object is none.
 */
export const readPushTokenImport = (object: JsonObject, rules: TrackRules): boolean | Refusal => {
  const flag = object['push_token_import'];
  if (isAbsent(flag) || flag === false) return false;
  if (flag !== true) return refusals.invalid('push_token_import');
  const { external_id: externalId, braze_id: brazeId, push_tokens: tokens } = object;
  if (isPresent(externalId) || isPresent(brazeId) || isAbsent(tokens)) return refusals.pushTokenImport;
  if (Array.isArray(tokens) && tokens.length === 0) return refusals.pushTokenImport;
  return pushTokens(tokens, rules) ?? true;
};
