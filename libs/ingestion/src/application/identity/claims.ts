import { userStream, type BrazeId, type ClaimableIdentifier, type UserForestalled } from '@hearth/contracts';
import { WrongExpectedRevision, type EventMetadata, type EventStore } from '@hearth/eventing';

import type { IdentityKeys } from '../identity-keys.ts';
import type { CurrentClaim, UserDirectory } from '../user-directory.ts';

export interface ClaimPorts {
  readonly store: EventStore;
  readonly keys: IdentityKeys;
  readonly directory: UserDirectory;
}

export interface GiveOptions {
  /** From whom it may be taken; from a user who takes no writes any more it always may. */
  readonly from?: readonly BrazeId[];
  /** Claims it once more where it is the user's by another operation: whoever knows of an older claim only has lost then. */
  readonly anew?: boolean;
  /** Asked after the claim was read and before it is moved: false leaves everything as it is. */
  readonly still?: () => Promise<boolean>;
}

/**
 * Whether an operation has an identifier for a user that may be about to get it or to lose it: `taken` by somebody who may keep
 * it, or `busy` as long as another operation has it.
 */
export type Reservation = 'reserved' | 'taken' | 'busy';

/** Moves identifiers between users who are there. Every change is decided by the exact revision of the identity stream. */
export interface Claims {
  /** Makes an identifier name this user. False where it names somebody else who may keep it. */
  give(
    identifier: ClaimableIdentifier,
    to: BrazeId,
    metadata: EventMetadata,
    options?: GiveOptions,
  ): Promise<boolean>;
  /**
   * Claims an identifier for a user in the name of an operation, also where it is the user's already: whoever looks it up from
   * now on finishes the operation first (docs/decisions/0013).
   */
  reserve(identifier: ClaimableIdentifier, to: BrazeId, metadata: EventMetadata): Promise<Reservation>;
  /**
   * Has look-ups by an email or phone wait for the operation, whoever claimed it: its user is about to be another one. False where
   * another operation does the same; `wait` finishes that one instead.
   */
  detain(
    address: ClaimableIdentifier,
    metadata: EventMetadata,
    options?: { readonly wait: boolean },
  ): Promise<boolean>;
  /** Whether the operation has reserved an identifier for a user, and nobody has moved it on since. */
  holds(identifier: ClaimableIdentifier, user: BrazeId, metadata: EventMetadata): Promise<boolean>;
  /** Makes an identifier that the operation holds for a user name nobody. */
  giveUp(identifier: ClaimableIdentifier, user: BrazeId, metadata: EventMetadata): Promise<void>;
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
  /** Takes the stream of a user that is not to be. Answers whom that revision's claim is for, and by which operation. */
  const forestall = async (
    identifier: ClaimableIdentifier,
    brazeId: BrazeId,
    revision: number,
    to: BrazeId | null,
    metadata: EventMetadata,
  ): Promise<{ readonly winner: BrazeId | null; readonly operation: string | undefined }> => {
    const data: UserForestalled = { braze_id: to };
    const id = keys.forestallIdOf(identifier, revision, to);
    try {
      await store.append(userStream(brazeId), [{ id, type: 'UserForestalled', data, metadata }], {
        expectedRevision: 'no_stream',
      });
      return { winner: to, operation: metadata.operation };
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      const { user, operation } = await directory.headOf(brazeId);
      return user.status === 'forestalled'
        ? { winner: user.inFavourOf, operation }
        : { winner: brazeId, operation: undefined };
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
    const brazeId = keys.brazeIdOf(identifier, revision);
    const { winner, operation } = await forestall(identifier, brazeId, revision, to, metadata);
    const { operation: _own, ...others } = metadata;
    const event =
      winner === null
        ? { type: 'IdentifierReleased', data: {} }
        : { type: 'IdentifierClaimed', data: { braze_id: winner } };
    try {
      await store.append(
        keys.streamOf(identifier),
        [
          {
            id: keys.claimIdOf(identifier, revision),
            ...event,
            metadata: { ...others, ...(operation !== undefined && { operation }) },
          },
        ],
        { expectedRevision: after === -1 ? 'no_stream' : after },
      );
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
    }
  };

  /** Claims an identifier for `to`, with an older claim of somebody else, or of nobody, out of the way. */
  const take = async (
    identifier: ClaimableIdentifier,
    { brazeId, revision }: CurrentClaim,
    to: BrazeId,
    metadata: EventMetadata,
  ): Promise<void> => {
    if (brazeId !== undefined && (await isToCome(brazeId)))
      await forestall(identifier, brazeId, revision, to, metadata);
    else await advance(identifier, revision, to, metadata);
  };

  /**
   * True where an operation has reserved an identifier for a user. What was cut short may have taken the stream of the user that is
   * not to be, and not come to the claim.
   */
  const isReserved = async (
    identifier: ClaimableIdentifier,
    { brazeId, revision, operation }: CurrentClaim,
    user: BrazeId,
    by: string | undefined,
  ): Promise<boolean> => {
    if (brazeId === user) return operation === by;
    const head = await directory.headOf(brazeId ?? keys.brazeIdOf(identifier, revision + 1));
    return head.user.status === 'forestalled' && head.user.inFavourOf === user && head.operation === by;
  };

  const isAtWork = async (operation: string): Promise<boolean> => {
    const { events } = await store.readStream(operation, { direction: 'backwards', limit: 1 });
    return events[0]?.type === 'OperationStarted';
  };

  return {
    async reserve(identifier, to, metadata) {
      for (;;) {
        const claim = await directory.claimOf(identifier);
        const { brazeId, operation } = claim;
        const isOwn = operation === metadata.operation;
        if (brazeId === to && isOwn) return 'reserved';
        if (operation !== undefined && !isOwn && (await isAtWork(operation))) return 'busy';
        const holder = brazeId === undefined ? undefined : await directory.holderOf(identifier, brazeId);
        if (holder !== undefined && holder !== to) return 'taken';
        await take(identifier, claim, to, metadata);
      }
    },
    async detain(address, metadata, { wait } = { wait: false }) {
      for (;;) {
        const { brazeId, revision, operation } = await directory.claimOf(address);
        if (operation === metadata.operation) return true;
        if (operation !== undefined && (await isAtWork(operation))) {
          if (!wait) return false;
          await directory.finish(operation);
        }
        await advance(address, revision, brazeId ?? null, metadata);
      }
    },
    async holds(identifier, user, { operation }) {
      return isReserved(identifier, await directory.claimOf(identifier), user, operation);
    },
    async giveUp(identifier, user, metadata) {
      for (;;) {
        const claim = await directory.claimOf(identifier);
        if (!(await isReserved(identifier, claim, user, metadata.operation))) return;
        await advance(identifier, claim.revision, null, metadata);
      }
    },
    async give(identifier, to, metadata, { from = [], anew = false, still }: GiveOptions = {}) {
      for (;;) {
        const claim = await directory.claimOf(identifier);
        const { brazeId, operation } = claim;
        if (brazeId === to && (!anew || operation === metadata.operation)) return true;
        const holder = brazeId === undefined ? undefined : await directory.holderOf(identifier, brazeId);
        if (holder !== undefined && holder !== to && !from.includes(holder)) return false;
        if (still && !(await still())) return false;
        await take(identifier, claim, to, metadata);
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
