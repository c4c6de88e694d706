import type { PushTokenName, UserEvent } from '@hearth/contracts';
import type { Profile } from '@hearth/profiles';

const isSame = (a: PushTokenName, b: PushTokenName): boolean => a.app_id === b.app_id && a.token === b.token;

/** Whether a profile holds a token now. */
export const holdsToken = (profile: Profile, token: PushTokenName): boolean =>
  profile.status === 'active' && (profile.push_tokens ?? []).some((other) => isSame(other, token));

/**
 * What becomes of a profile whose token went over to another one (user-data API §7.3). One that an import made for the token
 * ends with it, unless somebody has been given a name on it since.
 */
export const eventsOfLoss = (
  profile: Profile,
  token: PushTokenName,
  isImported: boolean,
): readonly UserEvent[] => {
  if (profile.status !== 'active') return [];
  const { push_tokens: held = [], external_ids: ids, user_aliases: aliases } = profile;
  if (isImported && ids.length + aliases.length === 0 && held.every((other) => isSame(other, token)))
    return [{ type: 'UserDeleted', data: {} }];
  const { app_id, token: text } = token;
  return holdsToken(profile, token)
    ? [{ type: 'AttributesUpdated', data: { lost_push_tokens: [{ app_id, token: text }] } }]
    : [];
};
