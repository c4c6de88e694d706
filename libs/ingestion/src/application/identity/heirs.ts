import type { BrazeId, ClaimableIdentifier } from '@hearth/contracts';
import type { EventStore } from '@hearth/eventing';
import type { User } from '@hearth/users';

import type { UserHead } from '../user-directory.ts';
import { carries, goesOver } from './carried-identifiers.ts';
import { readHistory } from './histories.ts';

export interface HeirPorts {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly headOf: (brazeId: BrazeId) => Promise<UserHead>;
  /** Finishes the operation of a stream, where it is not. */
  readonly finish: (operation: string) => Promise<void>;
}

/** A user who takes the writes of an identifier, at a revision at which it did. */
export interface Heir {
  readonly brazeId: BrazeId;
  readonly revision: number;
}

/**
 * Who takes writes by an identifier that a user claimed: that user, the one that the identifier goes to instead, or the one that
 * the user was merged into. What the survivor did not take over names nobody any more. It shows once the survivor has joined,
 * so a merge that is half done is finished first; one that cannot be is taken back.
 */
export const findHeir =
  ({ store, headOf, finish }: HeirPorts) =>
  async (identifier: ClaimableIdentifier, claimant: BrazeId): Promise<Heir | undefined> => {
    let wasMerged = false;
    for (let brazeId: BrazeId | undefined = claimant; brazeId !== undefined;) {
      const { user, revision, operation }: UserHead = await headOf(brazeId);
      if (user.status === 'active') {
        if (!wasMerged) return { brazeId, revision };
        const { profile, revision: seen } = await readHistory(store, brazeId);
        if (profile.status === 'merged') continue;
        const isCarrier = profile.status === 'active' && carries(profile, identifier);
        return isCarrier ? { brazeId, revision: seen } : undefined;
      }
      const heir = heirIn(user, identifier);
      if (user.status === 'merged' && heir !== undefined) {
        if (operation !== undefined) await finish(operation);
        if ((await headOf(brazeId)).revision !== revision) continue;
        wasMerged = true;
      }
      brazeId = heir;
    }
    return undefined;
  };

/** Who may be the heir, for operations, which wait for no other one: a merge may still bring the survivor the identifier. */
export const findPossibleHeir =
  ({ headOf }: Pick<HeirPorts, 'headOf'>) =>
  async (identifier: ClaimableIdentifier, claimant: BrazeId): Promise<BrazeId | undefined> => {
    for (let brazeId: BrazeId | undefined = claimant; brazeId !== undefined;) {
      const { user }: UserHead = await headOf(brazeId);
      if (user.status === 'active') return brazeId;
      brazeId = heirIn(user, identifier);
    }
    return undefined;
  };

/** An external id dies with a merge (user-data API §12.5). */
const heirIn = (user: User, identifier: ClaimableIdentifier): BrazeId | undefined => {
  if (user.status === 'forestalled') return user.inFavourOf ?? undefined;
  return user.status === 'merged' && goesOver(identifier) ? user.into : undefined;
};
