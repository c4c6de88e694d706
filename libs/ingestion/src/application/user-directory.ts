import { userStream, type BrazeId, type ClaimableIdentifier, type IdentityEvent } from '@hearth/contracts';
import type { EventStore, Position } from '@hearth/eventing';
import { evolveUser, type User } from '@hearth/users';

import { findHeir, findPossibleHeir, type Heir } from './identity/heirs.ts';
import type { IdentityKeys } from './identity-keys.ts';
import { KnownUser } from './known-user.ts';
import { userMemory, type MemorySize, type UserMemory } from './user-memory.ts';

/** A claim to be appended: the identity stream, and the revision its claim is expected to follow (-1: none). */
export interface Claim {
  readonly identifier: ClaimableIdentifier;
  readonly after: number;
}

/** A user that was created, but whose claim was lost on the way: whoever meets it completes it. */
export interface UnclaimedUser {
  readonly kind: 'existing';
  readonly brazeId: BrazeId;
  readonly revision: number;
  readonly claim: Claim;
}

/** A user that takes writes. */
export type ExistingUser = KnownUser | UnclaimedUser;

/** A user that is to be created; `claim` is missing where the identifier is claimed for it already. */
export interface NewUser {
  readonly kind: 'new';
  readonly brazeId: BrazeId;
  readonly identifier: ClaimableIdentifier;
  readonly claim?: Claim;
}

/** The newest event of a user's stream, as a status. */
export interface UserHead {
  readonly user: User;
  readonly revision: number;
  readonly position?: Position;
  /** The stream of the operation that the event belongs to. */
  readonly operation?: string | undefined;
}

/** Who holds the newest claim of an identifier, whether that user takes writes or not. */
export interface CurrentClaim {
  /** Missing where nobody holds it. */
  readonly brazeId?: BrazeId;
  /** -1 where it never was claimed. */
  readonly revision: number;
  /** The stream of the operation that claimed it, or gave it up. */
  readonly operation?: string | undefined;
}

/**
 * Finds users by the identifiers that are claimed on identity streams, and remembers the revision last seen of each. Appends
 * carry that revision exactly, so a memory that is stale can lose a race but never write into the wrong user
 * (design: identity and user appends).
 */
export class UserDirectory {
  readonly #memory: UserMemory;

  constructor(
    private readonly store: EventStore,
    private readonly keys: IdentityKeys,
    /** Finishes an operation that somebody left half done: who takes writes depends on what comes of it. */
    readonly finish: (operation: string) => Promise<void> = async () => undefined,
    size?: MemorySize,
  ) {
    this.#memory = userMemory(keys, size);
  }

  /** What is remembered of an identifier, without a read. */
  remembered(identifier: ClaimableIdentifier): KnownUser | undefined {
    return this.#memory.named(identifier);
  }

  /** What is remembered of a user, without a read. */
  current(brazeId: BrazeId): KnownUser | undefined {
    return this.#memory.user(brazeId);
  }

  /** Takes note of an own append to a user; `claimed` is the identifier that was claimed for it meanwhile. */
  appended(target: ExistingUser | NewUser, revision: number, claimed?: ClaimableIdentifier): void {
    const { brazeId } = target;
    const user = target instanceof KnownUser ? target : this.learn(brazeId, revision);
    user.advanceTo(revision);
    if (claimed) this.#memory.name(claimed, user, target.kind === 'new' && target.claim?.after === -1);
  }

  /** Forgets a user whose stream turned out to have moved, in the shape it was found in as well. */
  forget(brazeId: BrazeId, found?: ExistingUser | NewUser): void {
    if (found instanceof KnownUser) found.forget();
    this.#memory.forget(brazeId);
  }

  /** Takes note of a user read elsewhere, at a revision that may be behind. */
  learn(brazeId: BrazeId, revision: number): KnownUser {
    return this.#memory.learn(brazeId, revision);
  }

  /** The newest event of a user's stream, read now. */
  async headOf(brazeId: BrazeId): Promise<UserHead> {
    const slice = await this.store.readStream(userStream(brazeId), { direction: 'backwards', limit: 1 });
    const last = slice.events[0];
    if (!last) return { user: { status: 'unknown' }, revision: -1 };
    const { revision, position, metadata } = last;
    return {
      user: evolveUser({ status: 'unknown' }, last),
      revision,
      position,
      operation: metadata.operation,
    };
  }

  /** The user with this braze_id, or undefined where it does not take writes. */
  async findByBrazeId(brazeId: BrazeId): Promise<ExistingUser | undefined> {
    const known = this.current(brazeId);
    if (known) return known;
    const head = await this.headOf(brazeId);
    return head.user.status === 'active' ? this.learn(brazeId, head.revision) : undefined;
  }

  /** Whom an identifier names, from memory or read now; a new user where it names nobody who takes writes. */
  async find(identifier: ClaimableIdentifier): Promise<ExistingUser | NewUser> {
    return this.remembered(identifier) ?? this.#read(identifier);
  }

  /**
   * Whom an identifier names by the log as it is now. For calls that decide on it without an append that could lose: what is
   * remembered may have been deleted, renamed or merged by another instance.
   */
  findNow(identifier: ClaimableIdentifier): Promise<ExistingUser | NewUser> {
    return this.#read(identifier);
  }

  /** A new user for an identifier that is claimed by somebody who no longer carries it. */
  async claimAnew(identifier: ClaimableIdentifier): Promise<ExistingUser | NewUser> {
    const { revision } = await this.claimOf(identifier);
    return this.#unclaimed(identifier, revision);
  }

  /**
   * The user's head is read before the claim that leads to it: a claim that still stands after the head was read stood at
   * that head. The first guess is the user that a first claim makes, which is right for nearly everybody. What an operation
   * claimed or forestalled holds once it is finished: until then the user does not have the identifier yet, or no longer.
   */
  async #read(identifier: ClaimableIdentifier): Promise<ExistingUser | NewUser> {
    const first = this.keys.brazeIdOf(identifier, 0);
    let brazeId = first;
    let finished: string | undefined;
    for (;;) {
      const head = await this.headOf(brazeId);
      const claim = await this.claimOf(identifier);
      const operation = claim.operation ?? (claim.brazeId === brazeId ? forestallerOf(head) : undefined);
      if (operation !== undefined && operation !== finished) {
        await this.finish(operation);
        finished = operation;
        brazeId = claim.brazeId ?? brazeId;
        continue;
      }
      if (claim.brazeId === undefined) {
        if (claim.revision === -1) return this.#settleUnclaimed(identifier, brazeId, -1, head);
        return this.#unclaimed(identifier, claim.revision);
      }
      if (claim.brazeId !== brazeId) {
        brazeId = claim.brazeId;
        continue;
      }
      if (head.user.status === 'unknown') return { kind: 'new', brazeId, identifier };
      if (head.user.status !== 'active') {
        const heir = await this.#heirOf(identifier, brazeId);
        // Not remembered as a claim: the identifier's own one says something else.
        return heir ? this.learn(heir.brazeId, heir.revision) : this.#unclaimed(identifier, claim.revision);
      }
      const user = this.learn(brazeId, head.revision);
      this.#memory.name(identifier, user, brazeId === first);
      return user;
    }
  }

  async #unclaimed(identifier: ClaimableIdentifier, after: number): Promise<ExistingUser | NewUser> {
    const brazeId = this.keys.brazeIdOf(identifier, after + 1);
    return this.#settleUnclaimed(identifier, brazeId, after, await this.headOf(brazeId));
  }

  /** Whom the claim that comes next names: whoever meets a claim that was lost on the way makes it with its write. */
  async #settleUnclaimed(
    identifier: ClaimableIdentifier,
    brazeId: BrazeId,
    after: number,
    head: UserHead,
  ): Promise<ExistingUser | NewUser> {
    const operation = forestallerOf(head);
    if (operation !== undefined) {
      await this.finish(operation);
      if ((await this.claimOf(identifier)).revision > after) return this.#read(identifier);
    }
    const claim = { identifier, after };
    if (head.user.status === 'unknown') return { kind: 'new', brazeId, identifier, claim };
    if (head.user.status === 'active') return withClaim(this.learn(brazeId, head.revision), claim);
    const heir = await this.#heirOf(identifier, brazeId);
    if (heir) return withClaim(this.learn(heir.brazeId, heir.revision), claim);
    return this.#unclaimed(identifier, after + 1);
  }

  #heirOf(identifier: ClaimableIdentifier, brazeId: BrazeId): Promise<Heir | undefined> {
    const headOf = (each: BrazeId): Promise<UserHead> => this.headOf(each);
    return findHeir({ store: this.store, headOf, finish: this.finish })(identifier, brazeId);
  }

  /**
   * Who takes the writes of an identifier that this user claimed: the user itself, who stands in for it, or nobody. For operations:
   * whom a merge may yet bring it counts as well.
   */
  holderOf(identifier: ClaimableIdentifier, brazeId: BrazeId): Promise<BrazeId | undefined> {
    return findPossibleHeir({ headOf: (each) => this.headOf(each) })(identifier, brazeId);
  }

  /** The newest claim of an identifier, read now. */
  async claimOf(identifier: ClaimableIdentifier): Promise<CurrentClaim> {
    const slice = await this.store.readStream(this.keys.streamOf(identifier), {
      direction: 'backwards',
      limit: 1,
    });
    const last = slice.events[0];
    if (!last) return { revision: -1 };
    const event = last as unknown as IdentityEvent;
    const {
      revision,
      metadata: { operation },
    } = last;
    return event.type === 'IdentifierClaimed'
      ? { brazeId: event.data.braze_id, revision, operation }
      : { revision, operation };
  }
}

/** The operation that keeps a user from being created. */
const forestallerOf = ({ user, operation }: UserHead): string | undefined =>
  user.status === 'forestalled' ? operation : undefined;

const withClaim = ({ kind, brazeId, revision }: KnownUser, claim: Claim): UnclaimedUser => ({
  kind,
  brazeId,
  revision,
  claim,
});
