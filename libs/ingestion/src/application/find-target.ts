import type { Identifier, ProfileCandidate, UserMerged } from '@hearth/contracts';
import { laterPosition, type EventStore, type Position } from '@hearth/eventing';
import type { ProfilesClient } from '@hearth/profiles-client';

import { preferredCandidate } from '../domain/preferred-candidate.ts';
import { readHistory } from './identity/histories.ts';
import type { Clock, RequestContext } from './ports.ts';
import type { ExistingUser, NewUser, UserDirectory } from './user-directory.ts';

type Contact = Extract<Identifier, { kind: 'email' | 'phone' }>;

/** True for the identifiers that several users may carry. */
export const isContact = (identifier: Identifier): identifier is Contact =>
  identifier.kind === 'email' || identifier.kind === 'phone';

/** The newest position this process knows of: reads that decide must take in everything up to it. */
export interface Horizon {
  position: Position | undefined;
}

export interface FindTargetPorts {
  readonly store: Pick<EventStore, 'readStream' | 'head'>;
  readonly directory: UserDirectory;
  readonly profiles: Pick<ProfilesClient, 'resolve'>;
  readonly horizon: Horizon;
  readonly clock: Clock;
}

/**
 * Whom a write goes to: an existing user, a new one where `create` allows it, or nobody (user-data API §11). An email or
 * phone is asked of the projection, since many users may carry it; the others are claims in the log.
 */
export const findTarget = ({ store, directory, profiles, horizon, clock }: FindTargetPorts) => {
  /**
   * Where what the claiming user had went when that user was merged: the position at which the survivor took it, or gave it
   * back. Undefined where there is no such merge. One that is half done is finished first.
   */
  const movedWith = async (identifier: Contact): Promise<Position | undefined> => {
    const { brazeId } = await directory.claimOf(identifier);
    if (brazeId === undefined) return undefined;
    const claimant = await directory.headOf(brazeId);
    if (claimant.user.status !== 'merged') return undefined;
    if (claimant.operation !== undefined) await directory.finish(claimant.operation);
    const settled = await directory.headOf(brazeId);
    if (settled.user.status !== 'merged') return settled.position;
    const { profile, events, undone } = await readHistory(store, settled.user.into);
    if (profile.status !== 'active') return undefined;
    const taken = events.findLast(
      ({ type, data, revision }) =>
        type === 'UserMerged' && !undone.has(revision) && (data as UserMerged).from === brazeId,
    );
    return taken?.position;
  };

  return async (
    identifier: Identifier,
    create: boolean,
    context: RequestContext,
  ): Promise<ExistingUser | NewUser | undefined> => {
    if (identifier.kind === 'braze_id') return directory.findByBrazeId(identifier.value);
    if (!isContact(identifier)) {
      const target = await directory.find(identifier);
      return target.kind === 'new' && !create ? undefined : target;
    }

    let settled: string | undefined;
    for (;;) {
      const asked = horizon.position;
      const candidates = await profiles.resolve(
        { ...identifier, ...(asked && { min_position: asked }) },
        { timeoutMs: Math.max(1, context.deadline - clock.now()) },
      );
      const chosen = preferredCandidate(candidates);
      if (chosen) return atLeast(directory, chosen);
      if (!create) return undefined;

      const target = await directory.find(identifier);
      if (target.kind === 'new') {
        const isClaimedFirst = target.claim?.after === -1;
        const { operation } = isClaimedFirst ? {} : await directory.claimOf(identifier);
        if (operation !== undefined && operation !== settled) {
          // It may have brought the address to somebody whom the projection has not listed yet.
          await directory.finish(operation);
          settled = operation;
          horizon.position = laterPosition(horizon.position, await store.head());
          continue;
        }
        // One that was claimed before may have gone over to whom its user was merged into.
        const moved = (target.claim?.after ?? -1) < 0 ? undefined : await movedWith(identifier);
        if (laterPosition(asked, moved) === asked) return target;
        horizon.position = laterPosition(horizon.position, moved);
        continue;
      }
      // Claimed by somebody whom the projection does not list under it: either it has not seen the user yet, or the user
      // has another address by now and the claim is free.
      const { position, user } = await directory.headOf(target.brazeId);
      if (user.status !== 'active') {
        directory.forget(target.brazeId, target);
        continue;
      }
      const seen = laterPosition(asked, position) === asked;
      if (seen) return directory.claimAnew(identifier);
      horizon.position = laterPosition(horizon.position, position);
    }
  };
};

const atLeast = (directory: UserDirectory, { braze_id, revision }: ProfileCandidate): ExistingUser =>
  directory.learn(braze_id, revision);
