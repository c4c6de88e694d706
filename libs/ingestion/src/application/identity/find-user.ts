import type { BrazeId } from '@hearth/contracts';
import { EventStoreUnavailable, laterPosition, type EventStore } from '@hearth/eventing';
import type { ProfilesClient } from '@hearth/profiles-client';

import { prioritized } from '../../domain/identity/prioritization.ts';
import type { UserReference } from '../../domain/identity/user-reference.ts';
import { isContact, type Horizon } from '../find-target.ts';
import type { Clock, RequestContext } from '../ports.ts';
import type { UserDirectory } from '../user-directory.ts';
import { readHistory } from './histories.ts';

export interface FindUserPorts {
  readonly store: EventStore;
  readonly directory: UserDirectory;
  readonly profiles: Pick<ProfilesClient, 'resolve'>;
  readonly horizon: Horizon;
  readonly clock: Clock;
}

/** Whom a reference names now; undefined where it is nobody, or more than one after prioritization. */
export type FindUser = (reference: UserReference, context: RequestContext) => Promise<BrazeId | undefined>;

/**
 * An email or phone is asked of the projection, up to the log's head: other instances' writes count as well. Operations that bring it
 * to somebody else are finished before; where one began meanwhile, it is asked again. Whoever is chosen is looked at once more in the
 * log, so that nobody is merged or deleted for an address that was another's by then.
 */
export const createFindUser = ({ store, directory, profiles, horizon, clock }: FindUserPorts): FindUser => {
  const tellIfLate = ({ deadline }: RequestContext): void => {
    if (clock.now() > deadline)
      throw new EventStoreUnavailable('Others kept bringing the address to another user');
  };

  return async (reference, context) => {
    const { identifier } = reference;
    if (!('prioritization' in reference)) {
      if (identifier.kind === 'braze_id') {
        // What is remembered may have been deleted by another instance, and no append of a call that finds it so would tell.
        const { user } = await directory.headOf(identifier.value);
        return user.status === 'active' ? identifier.value : undefined;
      }
      if (isContact(identifier)) return undefined;
      const target = await directory.findNow(identifier);
      return target.kind === 'existing' ? target.brazeId : undefined;
    }
    for (;;) {
      const { operation, revision } = await directory.claimOf(reference.identifier);
      if (operation !== undefined) await directory.finish(operation);
      const head = await store.head();
      horizon.position = laterPosition(horizon.position, head);
      const candidates = await profiles.resolve(
        { ...reference.identifier, min_position: head },
        { timeoutMs: Math.max(1, context.deadline - clock.now()) },
      );
      const chosen = prioritized(candidates, reference.prioritization);
      if ((await directory.claimOf(reference.identifier)).revision !== revision) {
        tellIfLate(context);
        continue;
      }
      if (!chosen) return undefined;
      const { profile } = await readHistory(store, chosen.braze_id);
      const { kind, value } = reference.identifier;
      if (profile.status === 'active' && profile.fields[kind] === value) return chosen.braze_id;
      tellIfLate(context);
    }
  };
};
