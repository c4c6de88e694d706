import type { BrazeId, Operation, OperationOutcome } from '@hearth/contracts';
import type { EventStore } from '@hearth/eventing';
import type { ProfilesClient } from '@hearth/profiles-client';

import { ADDRESS_OF, channelsOf, eventsToSpread } from '../../domain/subscriptions/spread.ts';
import type { Horizon } from '../find-target.ts';
import { readHistory } from '../identity/histories.ts';
import type { Run, Step } from '../identity/steps.ts';

export interface PerformSpreadPorts {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly step: Step;
  readonly profiles: Pick<ProfilesClient, 'resolve'>;
  readonly horizon: Horizon;
  /** How long the look-up of an address may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** So many users are worked on at once. */
const AT_ONCE = 32;

/**
 * Sets the states of one user on everybody who has its address now. Addresses are read at work and stand in no operation:
 * they are personal. Each user is one step, so that what was done before a crash is not done again.
 */
export const performSpread =
  ({ store, step, profiles, horizon, timeoutMs }: PerformSpreadPorts) =>
  async (
    run: Run,
    operation: Extract<Operation, { kind: 'spread_subscriptions' }>,
  ): Promise<OperationOutcome> => {
    const { profile } = await readHistory(store, operation.braze_id);
    if (profile.status !== 'active') return 'gone';
    const { email, phone } = profile.fields;
    const addresses = { ...(email && { email }), ...(phone && { phone }) };

    const carriers = new Set<BrazeId>();
    for (const channel of channelsOf(operation)) {
      const kind = ADDRESS_OF[channel];
      const value = addresses[kind];
      if (value === undefined) continue;
      const request = { kind, value, ...(horizon.position && { min_position: horizon.position }) };
      for (const { braze_id } of await profiles.resolve(request, { timeoutMs })) carriers.add(braze_id);
    }
    carriers.delete(operation.braze_id);

    const users = [...carriers];
    for (let at = 0; at < users.length; at += AT_ONCE)
      await Promise.all(
        users
          .slice(at, at + AT_ONCE)
          .map((user) =>
            step(run, user, 'subscriptions', (history) =>
              eventsToSpread(operation, addresses, history.profile),
            ),
          ),
      );
    return 'done';
  };
