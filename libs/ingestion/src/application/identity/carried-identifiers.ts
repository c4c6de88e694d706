import type { ClaimableIdentifier } from '@hearth/contracts';
import type { ActiveProfile } from '@hearth/profiles';
import { isNamed } from '@hearth/users';

/** What goes over in a merge: all that names a user beside its external ids, which end with it (user-data API §12.5). */
export const movable = ({
  user_aliases,
  push_tokens = [],
}: ActiveProfile): readonly ClaimableIdentifier[] => [
  ...user_aliases.map((value): ClaimableIdentifier => ({ kind: 'user_alias', value })),
  ...push_tokens.map(({ app_id, token }): ClaimableIdentifier => ({
    kind: 'push_token',
    value: { app_id, token },
  })),
];

/** True for the kinds that a merge takes over to the survivor, unless that one has something in their place. */
export const goesOver = ({ kind }: ClaimableIdentifier): boolean =>
  kind === 'user_alias' || kind === 'push_token';

/** True where a profile has the identifier, whoever it is claimed for. */
export const carries = (profile: ActiveProfile, identifier: ClaimableIdentifier): boolean =>
  identifier.kind === 'push_token'
    ? (profile.push_tokens ?? []).some(
        ({ app_id, token }) => app_id === identifier.value.app_id && token === identifier.value.token,
      )
    : isNamed(profile, identifier);
