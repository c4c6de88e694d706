import { identifierKey, type BrazeId, type ClaimableIdentifier } from '@hearth/contracts';
import { twoGenerationCache } from '@hearth/eventing';

import type { IdentityKeys } from './identity-keys.ts';
import { KnownUser } from './known-user.ts';
import { userRevisions } from './user-revisions.ts';

/** How many are held at least; twice as many at most. */
export interface MemorySize {
  /** Users written to lately, as objects: some 320 bytes each. So many are held by external ids, and so many by other names. */
  readonly users: number;
  /** Users beyond these, by their revision alone: 16 to 48 bytes each. */
  readonly revisions: number;
}

/** A user that is not remembered costs several reads of the log. */
const USUAL_SIZE: MemorySize = { users: 50_000, revisions: 1_400_000 };

/**
 * Users who take writes, as this process last saw them. It may be wrong about any of them: who believes it finds out by an
 * append that loses, and has it forget.
 */
export interface UserMemory {
  user(brazeId: BrazeId): KnownUser | undefined;
  /** Whom an identifier names. */
  named(identifier: ClaimableIdentifier): KnownUser | undefined;
  /** Takes note of a revision. Where it is a newer one, others have written: no name that led to the user is believed. */
  learn(brazeId: BrazeId, revision: number): KnownUser;
  /** Takes note that an identifier names a user; `isFirst` where it is the identifier whose first claim made the user. */
  name(identifier: ClaimableIdentifier, user: KnownUser, isFirst: boolean): void;
  forget(brazeId: BrazeId): void;
}

/**
 * Of a user whose name falls out of the cache only the revision is kept, under its id: the identifier that made it gives the id
 * again. So a user is found under that identifier, which is the only one of nearly everybody. A revision so kept says that
 * the identifier led to the user when it stood there, and nothing of what came later.
 */
export const userMemory = (
  keys: Pick<IdentityKeys, 'brazeIdOf'>,
  { users: capacity, revisions: more }: MemorySize = USUAL_SIZE,
): UserMemory => {
  const revisions = userRevisions(more);
  const users = twoGenerationCache<BrazeId, KnownUser>(capacity);
  const namesOf = () =>
    twoGenerationCache<string, KnownUser>(capacity, (user) => {
      if (user.isFirstHolder && !user.isStale) revisions.set(user.brazeId, user.revision);
    });
  /** External ids stand for themselves: nearly every write names its user by one, and needs no key put together for it. */
  const externalIds = namesOf();
  const others = namesOf();

  const remember = (brazeId: BrazeId, revision: number): KnownUser => {
    revisions.delete(brazeId);
    const user = new KnownUser(brazeId, revision);
    users.set(brazeId, user);
    return user;
  };
  const find = (identifier: ClaimableIdentifier): KnownUser | undefined =>
    identifier.kind === 'external_id'
      ? externalIds.get(identifier.value)
      : others.get(identifierKey(identifier));
  const name = (identifier: ClaimableIdentifier, user: KnownUser, isFirst: boolean): void => {
    user.isFirstHolder ||= isFirst;
    if (identifier.kind === 'external_id') externalIds.set(identifier.value, user);
    else others.set(identifierKey(identifier), user);
  };
  const recalled = (identifier: ClaimableIdentifier): KnownUser | undefined => {
    if (revisions.isEmpty) return undefined;
    const brazeId = keys.brazeIdOf(identifier, 0);
    const revision = revisions.get(brazeId);
    if (revision === undefined) return undefined;
    const known = users.get(brazeId);
    revisions.delete(brazeId);
    if (known && known.revision !== revision) return undefined;
    const user = known ?? remember(brazeId, revision);
    name(identifier, user, true);
    return user;
  };

  return {
    user: (brazeId) => users.get(brazeId),
    named: (identifier) => {
      const user = find(identifier);
      return user?.isStale === false ? user : recalled(identifier);
    },
    learn: (brazeId, revision) => {
      const known = users.get(brazeId);
      if (known && known.revision >= revision) return known;
      known?.forget();
      return remember(brazeId, revision);
    },
    name,
    forget: (brazeId) => {
      users.get(brazeId)?.forget();
      users.delete(brazeId);
      revisions.delete(brazeId);
    },
  };
};
