import type { AddressHash } from '@hearth/contracts';
import type { ActiveProfile } from '@hearth/profiles';

import type { UserReference } from '../../domain/identity/user-reference.ts';
import { isContact } from '../find-target.ts';
import type { IdentityKeys } from '../identity-keys.ts';

/** The email or phone that a reference names a user by, as operations keep it: not in clear. */
export const addressOf = (
  { identifier }: UserReference,
  keys: Pick<IdentityKeys, 'streamOf'>,
): AddressHash | undefined => (isContact(identifier) ? keys.streamOf(identifier) : undefined);

/** True for a user who has an address, and for any where none is asked for. */
export const hasAddress = (
  { fields }: ActiveProfile,
  address: AddressHash | undefined,
  keys: Pick<IdentityKeys, 'streamOf'>,
): boolean =>
  address === undefined ||
  (['email', 'phone'] as const).some((kind) => {
    const value = fields[kind];
    return typeof value === 'string' && keys.streamOf({ kind, value }) === address;
  });
