import { identifierKey, type Identifier } from '@hearth/contracts';
import type { ProfilesClient } from '@hearth/profiles-client';

import type { StatusChange } from '../../domain/subscriptions/status-request.ts';
import type { ApplyWrites } from '../apply-writes.ts';
import type { Horizon } from '../find-target.ts';
import type { FollowedWrite, FollowUp } from '../follow-up.ts';
import type { Clock, RequestContext } from '../ports.ts';
import { failureOf, settleWrites } from '../settle-writes.ts';
import type { Accepted } from '../track.ts';

export interface SetSubscriptionsPorts {
  readonly applyWrites: ApplyWrites;
  readonly followUp: FollowUp;
  readonly profiles: Pick<ProfilesClient, 'resolve'>;
  readonly horizon: Horizon;
  readonly clock: Clock;
}

/** Sets states in subscription groups (user-data API §17). Throws `NotStored` and `AnswerLost`. */
export type SetSubscriptions = (
  changes: readonly StatusChange[],
  context: RequestContext,
) => Promise<Accepted<{ readonly message: 'success' }>>;

/**
 * Nobody is created: a user who is not there is passed over. An email or phone stands for everybody who has it; a user who
 * is named takes everybody along who has the same address, as with `/users/track`.
 */
export const createSetSubscriptions = (ports: SetSubscriptionsPorts): SetSubscriptions => {
  const { applyWrites, followUp } = ports;
  const identifiersOf = namedUsers(ports);
  return async (changes, context) => {
    const writes: FollowedWrite[] = [];
    try {
      for (const [index, change] of changes.entries())
        for (const identifier of await identifiersOf(change, context))
          writes.push({
            identifier,
            updateExistingOnly: true,
            commands: [{ type: 'ChangeSubscriptionGroup', data: change.group }],
            changesSubscriptions: true,
            // Named after the user: another attempt can find other users under the same address.
            inputArray: `subscription_groups ${identifierKey(identifier)}`,
            index,
          });
    } catch (error) {
      throw failureOf(error as Error, false, undefined);
    }
    const outcomes = await applyWrites(writes, context);
    await followUp(writes, outcomes, context);
    return { reply: { message: 'success' }, position: settleWrites(outcomes) };
  };
};

const namedUsers =
  ({ profiles, horizon, clock }: SetSubscriptionsPorts) =>
  async (
    { externalIds, emails, phones }: StatusChange,
    { deadline }: RequestContext,
  ): Promise<readonly Identifier[]> => {
    const addresses = [
      ...emails.map((value) => ({ kind: 'email' as const, value })),
      ...phones.map((value) => ({ kind: 'phone' as const, value })),
    ];
    const carriers = await Promise.all(
      addresses.map((address) =>
        profiles.resolve(
          { ...address, ...(horizon.position && { min_position: horizon.position }) },
          { timeoutMs: Math.max(1, deadline - clock.now()) },
        ),
      ),
    );
    const ids = new Set(carriers.flat().map(({ braze_id }) => braze_id));
    return [
      ...externalIds.map((value): Identifier => ({ kind: 'external_id', value })),
      ...[...ids].map((value): Identifier => ({ kind: 'braze_id', value })),
    ];
  };
