import type { NameHash } from '@hearth/contracts';
import type { ActiveProfile } from '@hearth/profiles';

import type { UserReference } from '../../domain/identity/user-reference.ts';
import type { IdentityKeys } from '../identity-keys.ts';

type Keys = Pick<IdentityKeys, 'streamOf'>;

/** What a reference names a user by, as operations keep it: not in clear. A braze_id is the user's for good. */
export const nameOf = ({ identifier }: UserReference, keys: Keys): NameHash | undefined =>
  identifier.kind === 'braze_id' ? undefined : keys.streamOf(identifier);

/** True for a user who goes by a name, and for any where none is asked for. */
export const goesBy = (
  { external_ids, user_aliases, fields }: ActiveProfile,
  name: NameHash | undefined,
  keys: Keys,
): boolean =>
  name === undefined ||
  external_ids.some((value) => keys.streamOf({ kind: 'external_id', value }) === name) ||
  user_aliases.some((value) => keys.streamOf({ kind: 'user_alias', value }) === name) ||
  (['email', 'phone'] as const).some((kind) => {
    const value = fields[kind];
    return typeof value === 'string' && keys.streamOf({ kind, value }) === name;
  });
