import type { Identifier, ProfileCandidate, UserMerged } from '@hearth/contracts';
import { laterPosition, type EventStore, type Position } from '@hearth/eventing';
import type { ProfilesClient } from '@hearth/profiles-client';
import { setTimeout as pause } from 'node:timers/promises';

import { preferredCandidate } from '../domain/preferred-candidate.ts';
import { NotStored } from './errors.ts';
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

/** Between looks at a merge that is under way. */
const MERGE_PAUSE_MS = 20;

export interface FindTargetPorts {
  readonly store: Pick<EventStore, 'readStream'>;
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
   * Where what the claiming user had went when that user was merged: the position at which the survivor took it, undefined
   * while that is still to come, `nowhere` where there is no such merge.
   */
  const movedWith = async (identifier: Contact): Promise<Position | undefined | 'nowhere'> => {
    const { brazeId } = await directory.claimOf(identifier);
    const claimant = brazeId === undefined ? undefined : (await directory.headOf(brazeId)).user;
    if (claimant?.status !== 'merged') return 'nowhere';
    const { profile, events, undone } = await readHistory(store, claimant.into);
    if (profile.status !== 'active') return 'nowhere';
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
        // One that was claimed before may be on its way to whom its user is being merged into.
        const moved = (target.claim?.after ?? -1) < 0 ? 'nowhere' : await movedWith(identifier);
        if (moved !== undefined && (moved === 'nowhere' || laterPosition(asked, moved) === asked))
          return target;
        if (clock.now() > context.deadline)
          throw new NotStored('The user is still being merged into another');
        if (moved === undefined) await pause(MERGE_PAUSE_MS);
        else horizon.position = laterPosition(horizon.position, moved);
        continue;
      }
      // Claimed by somebody whom the projection does not list under it: either it has not seen the user yet, or the user
      // has another address by now and the claim is free.
      const { position, user } = await directory.headOf(target.brazeId);
      if (user.status !== 'active') {
        directory.forget(target.brazeId);
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
