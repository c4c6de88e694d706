import type { ClaimableIdentifier, NameHash } from '@hearth/contracts';
import type { ActiveProfile } from '@hearth/profiles';

import type { UserReference } from '../../domain/identity/user-reference.ts';
import type { IdentityKeys } from '../identity-keys.ts';

type Keys = Pick<IdentityKeys, 'streamOf'>;

/** What a reference names a user by, as operations keep it: not in clear. A braze_id is the user's for good. */
export const nameOf = ({ identifier }: UserReference, keys: Keys): NameHash | undefined =>
  identifier.kind === 'braze_id' ? undefined : keys.streamOf(identifier);

/** Where a user can be reached; in one order everywhere. */
export const addressesOf = ({ fields }: ActiveProfile): readonly ClaimableIdentifier[] =>
  (['email', 'phone'] as const).flatMap((kind) => {
    const value = fields[kind];
    return typeof value === 'string' ? [{ kind, value }] : [];
  });

/** True for a user who goes by a name, and for any where none is asked for. */
export const goesBy = (profile: ActiveProfile, name: NameHash | undefined, keys: Keys): boolean =>
  name === undefined ||
  profile.external_ids.some((value) => keys.streamOf({ kind: 'external_id', value }) === name) ||
  profile.user_aliases.some((value) => keys.streamOf({ kind: 'user_alias', value }) === name) ||
  addressesOf(profile).some((address) => keys.streamOf(address) === name);
