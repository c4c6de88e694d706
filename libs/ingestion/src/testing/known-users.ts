import type { ClaimableIdentifier } from '@hearth/contracts';
import type { ActiveProfile } from '@hearth/profiles';

import { keyedHashWith } from '../adapters/hashes.ts';
import { readHistory } from '../application/identity/histories.ts';
import { identityKeys } from '../application/identity-keys.ts';
import { UserDirectory } from '../application/user-directory.ts';
import type { Deployment } from './deployment.ts';
import { SECRET } from './secret.ts';

export const externalId = (value: string): ClaimableIdentifier => ({ kind: 'external_id', value });
export const alias = (alias_label: string, alias_name: string): ClaimableIdentifier => ({
  kind: 'user_alias',
  value: { alias_label, alias_name },
});

/** Who an identifier names, by the log alone. */
export const knownUsers = ({ store }: Pick<Deployment, 'store'>) => {
  const keys = identityKeys(keyedHashWith(SECRET.value));
  return {
    keys,
    /** The profile that writes by this identifier go to; undefined where there is none. */
    async by(identifier: ClaimableIdentifier): Promise<ActiveProfile | undefined> {
      const target = await new UserDirectory(store, keys).find(identifier);
      if (target.kind === 'new') return undefined;
      const { profile } = await readHistory(store, target.brazeId);
      return profile.status === 'active' ? profile : undefined;
    },
  };
};
