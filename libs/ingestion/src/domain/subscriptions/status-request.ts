import { isJsonObject, type Json, type JsonObject, type SubscriptionGroupChanged } from '@hearth/contracts';
import { readGroupId } from '@hearth/workspace';

import {
  isGroupState,
  isSafeText,
  parseEmail,
  parsePhone,
  refusals,
  type FatalError,
  type TrackRules,
} from '../parsing/index.ts';

/** One state in one group, and everybody it is set on. */
export interface StatusChange {
  readonly group: SubscriptionGroupChanged;
  readonly externalIds: readonly string[];
  /** Normalised, like the phones: each names everybody who has it. */
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}

/** Users, emails and phones that one group of a request may name, each (user-data API §17). */
const MAX_IDS = 50;
/** Groups of one request: three times what clients send. */
const MAX_GROUPS = 75;

const fatal = (message: string): FatalError => ({ status: 400, message });
const TOO_MANY = fatal('The max number of ids per request was exceeded');
const UNKNOWN_GROUP = fatal('Invalid subscription group ID');
const NOBODY = fatal("One of 'external_id', 'email' or 'phone' is required");

/** Reads the body of `/subscription/status/set`: one group, each kind of user as one text or several. */
export const parseStatusV1 = (body: Json, rules: TrackRules): readonly StatusChange[] | FatalError => {
  if (!isJsonObject(body)) return UNKNOWN_GROUP;
  const { external_id, email, phone } = body;
  const change = readChange(body, { external_id, email, phone }, rules);
  return 'status' in change ? change : [change];
};

/** Reads the body of `/v2/subscription/status/set`: several groups, each with lists of users. */
export const parseStatusV2 = (body: Json, rules: TrackRules): readonly StatusChange[] | FatalError => {
  const groups = isJsonObject(body) ? body['subscription_groups'] : undefined;
  if (!Array.isArray(groups) || groups.length === 0) return fatal("'subscription_groups' is required");
  if (groups.length > MAX_GROUPS) return fatal('Max Input Length Exceeded');
  const changes: StatusChange[] = [];
  for (const group of groups as readonly Json[]) {
    if (!isJsonObject(group)) return fatal(refusals.subscriptionGroup);
    const { external_ids, emails, phones } = group;
    const change = readChange(group, { external_id: external_ids, email: emails, phone: phones }, rules);
    if ('status' in change) return change;
    changes.push(change);
  }
  return changes;
};

interface Named {
  readonly external_id: Json | undefined;
  readonly email: Json | undefined;
  readonly phone: Json | undefined;
}

const readChange = (
  { subscription_group_id: sentId, subscription_state: state, use_double_opt_in_logic: optIn }: JsonObject,
  named: Named,
  rules: TrackRules,
): StatusChange | FatalError => {
  const id = readGroupId(sentId, rules.subscriptionGroups);
  if (id === undefined) return UNKNOWN_GROUP;
  if (!isGroupState(state)) return fatal(refusals.subscriptionGroupState);
  if (optIn !== undefined && optIn !== null && typeof optIn !== 'boolean')
    return fatal(refusals.invalid('use_double_opt_in_logic'));
  const externalIds = textsOf(named.external_id);
  const sentEmails = textsOf(named.email);
  const sentPhones = textsOf(named.phone);
  if (!externalIds?.every(isSafeText)) return fatal(refusals.invalid('external_id'));
  if (!sentEmails) return fatal(refusals.email);
  if (!sentPhones) return fatal(refusals.invalid('phone'));
  const lists = [externalIds, sentEmails, sentPhones];
  if (lists.every((list) => list.length === 0)) return NOBODY;
  if (lists.some((list) => list.length > MAX_IDS)) return TOO_MANY;

  const emails = sentEmails.map(parseEmail);
  const phones = sentPhones.map((phone) => parsePhone(phone, rules.phoneRegion));
  if (!isWhole(emails)) return fatal(refusals.email);
  if (!isWhole(phones)) return fatal(refusals.invalid('phone'));
  return {
    group: {
      subscription_group_id: id,
      subscription_state: state,
      ...(typeof optIn === 'boolean' && { use_double_opt_in_logic: optIn }),
    },
    externalIds: [...new Set(externalIds)],
    emails: [...new Set(emails)],
    phones: [...new Set(phones)],
  };
};

/** One text or a list of them; null, nothing and the empty text name nobody. Undefined where it is anything else. */
const textsOf = (sent: Json | undefined): readonly string[] | undefined => {
  if (sent === undefined || sent === null || sent === '') return [];
  if (typeof sent === 'string') return [sent];
  if (!Array.isArray(sent)) return undefined;
  const list = sent as readonly Json[];
  return list.every((item) => typeof item === 'string' && item !== '')
    ? (list as readonly string[])
    : undefined;
};

const isWhole = (list: readonly (string | undefined)[]): list is readonly string[] =>
  !list.includes(undefined);
