import { isJsonObject, type Json, type SubscriptionGroupChanged } from '@hearth/contracts';
import { readGroupId } from '@hearth/workspace';

import { refusals, type Refusal } from './errors.ts';
import type { TrackRules } from './track-rules.ts';

/** Whether a value is a state in a subscription group. */
export const isGroupState = (value: unknown): value is SubscriptionGroupChanged['subscription_state'] =>
  value === 'subscribed' || value === 'unsubscribed';

/** Reads `subscription_groups` of an attributes object (§4.3, §7.1): one change for each item. Null changes nothing. */
export const readSubscriptionGroups = (
  sent: Json,
  rules: TrackRules,
): readonly SubscriptionGroupChanged[] | Refusal => {
  if (sent === null) return [];
  if (!Array.isArray(sent)) return refusals.subscriptionGroups;
  const changes: SubscriptionGroupChanged[] = [];
  for (const group of sent as readonly Json[]) {
    if (!isJsonObject(group)) return refusals.subscriptionGroup;
    const { subscription_group_id: sentId, subscription_state: state } = group;
    const doubleOptIn = group['use_double_opt_in_logic'] ?? undefined;
    if (isAbsent(sentId) || isAbsent(state)) return refusals.subscriptionGroup;
    const id = readGroupId(sentId, rules.subscriptionGroups);
    if (id === undefined) return refusals.subscriptionGroupId;
    if (!isGroupState(state)) return refusals.subscriptionGroupState;
    if (doubleOptIn !== undefined && typeof doubleOptIn !== 'boolean')
      return refusals.invalid('use_double_opt_in_logic');
    changes.push({
      subscription_group_id: id,
      subscription_state: state,
      ...(doubleOptIn !== undefined && { use_double_opt_in_logic: doubleOptIn }),
    });
  }
  return changes;
};

const isAbsent = (value: Json | undefined): value is null | undefined =>
  value === undefined || value === null;
