import type { UserSubscriptions } from '@hearth/contracts';
import { primaryExternalId, type Profile } from '../profile.ts';

/** What the read of subscriptions shows of a user; null where there is none. */
export const subscriptionsOf = (profile: Profile | undefined): UserSubscriptions | null => {
  if (profile?.status !== 'active') return null;
  const { email, phone } = profile.fields;
  const groups = Object.entries(profile.subscription_groups ?? {});
  return {
    external_id: primaryExternalId(profile),
    email: email ?? null,
    phone: phone ?? null,
    groups: Object.fromEntries(groups.map(([id, { state }]) => [id, state])),
  };
};
