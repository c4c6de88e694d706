import type { ProfileFields, SubscriptionGroupChanged } from '@hearth/contracts';
import { own, withEntry, type Entries } from './own-properties.ts';
import type { ActiveProfile } from './profile.ts';

/** The user's state in one subscription group, and since when. */
export interface GroupState {
  readonly state: SubscriptionGroupChanged['subscription_state'];
  /** When Hearth took in the change to this state. */
  readonly changed_at: string;
}

/** The states of a profile by group. The same state said again changes nothing, and keeps its time. */
export const groupChanged = (
  groups: Entries<GroupState> = {},
  { subscription_group_id: id, subscription_state: state }: SubscriptionGroupChanged,
  changed_at: string,
): Entries<GroupState> =>
  own(groups, id)?.state === state ? groups : withEntry(groups, id, { state, changed_at });

/** The profile fields whose states have times. */
const STATES = { email_subscribe: 'email', push_subscribe: 'push' } as const;

/**
 * When the profile last came into each subscription state, by the names of the export: `email_unsubscribed_at`,
 * `push_opted_in_at` and so on (user-data API §13.2). Only a change of the state has a time.
 */
export const stateTimes = (
  times: Entries<string> | undefined,
  before: ProfileFields,
  after: ProfileFields,
  received_at: string,
): Entries<string> | undefined => {
  let result = times;
  for (const field of ['email_subscribe', 'push_subscribe'] as const) {
    const state = after[field];
    if (typeof state !== 'string' || state === before[field]) continue;
    result = withEntry(result ?? {}, `${STATES[field]}_${state}_at`, received_at);
  }
  return result;
};

/**
 * A profile with the states of another one whose addresses it took over: consent was given for the address (user-data API
 * §7.2). The state of emails comes with an email, those of groups with an email or a phone, as far as the merge brings them
 * (who merges knows which of the two a group sends to); each with its time, and only where the profile has no state of its own.
 */
export const withStatesOf = (
  profile: ActiveProfile,
  other: Partial<Pick<ActiveProfile, 'fields' | 'subscription_groups' | 'subscription_times'>>,
  took: { readonly email: boolean; readonly phone: boolean },
): ActiveProfile => {
  let result = profile;
  const state = other.fields?.email_subscribe;
  if (took.email && typeof state === 'string' && typeof profile.fields.email_subscribe !== 'string') {
    const ofEmail = Object.entries(other.subscription_times ?? {}).filter(([name]) =>
      name.startsWith('email_'),
    );
    const subscription_times = { ...profile.subscription_times, ...Object.fromEntries(ofEmail) };
    result = {
      ...result,
      fields: { ...result.fields, email_subscribe: state },
      ...(ofEmail.length > 0 && { subscription_times }),
    };
  }
  const groups = other.subscription_groups;
  return (took.email || took.phone) && groups !== undefined
    ? { ...result, subscription_groups: { ...groups, ...profile.subscription_groups } }
    : result;
};
