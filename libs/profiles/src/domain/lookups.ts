import { identifierKey } from '@hearth/contracts';
import type { ActiveProfile, Profile } from './profile.ts';

/**
 * The keys of everything that a profile is found by now: all its external ids, its aliases, its email, its phone and its
 * devices. Nobody but an active profile is found.
 */
export const lookupKeysOf = (profile: Profile | undefined): readonly string[] => {
  if (profile?.status !== 'active') return [];
  const { email, phone } = profile.fields;
  const keys = profile.external_ids.map((value) => identifierKey({ kind: 'external_id', value }));
  if (typeof email === 'string') keys.push(identifierKey({ kind: 'email', value: email }));
  if (typeof phone === 'string') keys.push(identifierKey({ kind: 'phone', value: phone }));
  for (const value of profile.user_aliases) keys.push(identifierKey({ kind: 'user_alias', value }));
  keys.push(...deviceKeysOf(profile));
  return keys;
};

/**
 * The keys that stand in a table of their own, which is all but those that the profile's row has a column for: the primary
 * external id, the email and the phone. Most users have none.
 */
export const furtherKeysOf = (profile: Profile | undefined): readonly string[] => {
  if (profile?.status !== 'active') return [];
  const { external_ids, user_aliases } = profile;
  return [
    ...external_ids.slice(0, -1).map((value) => identifierKey({ kind: 'external_id', value })),
    ...user_aliases.map((value) => identifierKey({ kind: 'user_alias', value })),
    ...deviceKeysOf(profile),
  ];
};

/** The key of a device, as those of identifiers are. */
export const deviceKey = (deviceId: string): string => `device_id:${deviceId}`;

/** A device has a token for each app on it. */
const deviceKeysOf = ({ push_tokens = [] }: ActiveProfile): readonly string[] => [
  ...new Set(push_tokens.map(({ device_id }) => deviceKey(device_id))),
];

/** True where two versions of one profile surely have the same keys: what did not change is shared between them. */
export const sameLookups = (before: Profile | undefined, after: Profile | undefined): boolean => {
  if (before === after) return true;
  if (before?.status !== 'active' || after?.status !== 'active') return false;
  return (
    before.external_ids === after.external_ids &&
    before.user_aliases === after.user_aliases &&
    before.push_tokens === after.push_tokens &&
    before.fields.email === after.fields.email &&
    before.fields.phone === after.fields.phone
  );
};
