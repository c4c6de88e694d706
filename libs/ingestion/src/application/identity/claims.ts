import { userStream, type BrazeId, type ClaimableIdentifier, type UserForestalled } from '@hearth/contracts';
import { WrongExpectedRevision, type EventMetadata, type EventStore } from '@hearth/eventing';

import type { IdentityKeys } from '../identity-keys.ts';
import type { UserDirectory } from '../user-directory.ts';

export interface ClaimPorts {
  readonly store: EventStore;
  readonly keys: IdentityKeys;
  readonly directory: UserDirectory;
}

export interface GiveOptions {
  /** From whom it may be taken; from a user who takes no writes any more it always may. */
  readonly from?: readonly BrazeId[];
  /** Claims it once more where it is the user's already: whoever knows of an older claim only has lost then. */
  readonly anew?: boolean;
  /** Asked after the claim was read and before it is moved: false leaves everything as it is. */
  readonly still?: () => Promise<boolean>;
}

/** Moves identifiers between users who are there. Every change is decided by the exact revision of the identity stream. */
export interface Claims {
  /** Makes an identifier name this user. False where it names somebody else who may keep it. */
  give(
    identifier: ClaimableIdentifier,
    to: BrazeId,
    metadata: EventMetadata,
    options?: GiveOptions,
  ): Promise<boolean>;
  /** Makes an identifier name nobody, where one of these users claimed it. */
  release(
    identifier: ClaimableIdentifier,
    from: readonly BrazeId[],
    metadata: EventMetadata,
    options?: Pick<GiveOptions, 'still'>,
  ): Promise<void>;
}

/**
 * A user is created by a claim and an append that are sent side by side (docs/decisions/0002), so a claim that goes to somebody
 * else must keep the user of that claim from being created: it takes that user's stream first, with `UserForestalled`. Whoever
 * meets a stream that is taken and a claim that is not there yet makes the claim in the other's stead.
 */
export const createClaims = ({ store, keys, directory }: ClaimPorts): Claims => {
  /** Takes the stream of a user that is not to be. Answers whom that revision's claim is for. */
  const forestall = async (
    identifier: ClaimableIdentifier,
    brazeId: BrazeId,
    revision: number,
    to: BrazeId | null,
    metadata: EventMetadata,
  ): Promise<BrazeId | null> => {
    const data: UserForestalled = { braze_id: to };
    const id = keys.forestallIdOf(identifier, revision, to);
    try {
      await store.append(userStream(brazeId), [{ id, type: 'UserForestalled', data, metadata }], {
        expectedRevision: 'no_stream',
      });
      return to;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      const { user } = await directory.headOf(brazeId);
      return user.status === 'forestalled' ? user.inFavourOf : brazeId;
    }
  };

  /** True for a user whose claim is there and whose first event is not. */
  const isToCome = async (brazeId: BrazeId): Promise<boolean> =>
    (await directory.headOf(brazeId)).user.status === 'unknown';

  /** Brings the claim one revision on, for `to` or for whoever was first. */
  const advance = async (
    identifier: ClaimableIdentifier,
    after: number,
    to: BrazeId | null,
    metadata: EventMetadata,
  ): Promise<void> => {
    const revision = after + 1;
    const winner = await forestall(identifier, keys.brazeIdOf(identifier, revision), revision, to, metadata);
    const event =
      winner === null
        ? { type: 'IdentifierReleased', data: {} }
        : { type: 'IdentifierClaimed', data: { braze_id: winner } };
    try {
      await store.append(
        keys.streamOf(identifier),
        [{ id: keys.claimIdOf(identifier, revision), ...event, metadata }],
        { expectedRevision: after === -1 ? 'no_stream' : after },
      );
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
    }
  };

  return {
    async give(identifier, to, metadata, { from = [], anew = false, still }: GiveOptions = {}) {
      for (let wanted = anew; ;) {
        const { brazeId, revision } = await directory.claimOf(identifier);
        if (brazeId === to && !wanted) return true;
        const holder = brazeId === undefined ? undefined : await directory.holderOf(identifier, brazeId);
        if (holder !== undefined && holder !== to && !from.includes(holder)) return false;
        if (still && !(await still())) return false;
        if (brazeId !== undefined && (await isToCome(brazeId))) {
          await forestall(identifier, brazeId, revision, to, metadata);
          continue;
        }
        await advance(identifier, revision, to, metadata);
        wanted = false;
      }
    },
    async release(identifier, from, metadata, { still } = {}) {
      for (;;) {
        const { brazeId, revision } = await directory.claimOf(identifier);
        if (brazeId === undefined || !from.includes(brazeId)) return;
        if (still && !(await still())) return;
        await advance(identifier, revision, null, metadata);
      }
    },
  };
};
