import {
  userStream,
  type BrazeId,
  type Operation,
  type PushTokenName,
  type UserCreated,
  type OperationOutcome,
} from '@hearth/contracts';
import type { EventStore } from '@hearth/eventing';

import { eventsOfLoss } from '../../domain/push-tokens.ts';
import type { Claims } from '../identity/claims.ts';
import type { Run, Step } from '../identity/steps.ts';
import type { UserDirectory } from '../user-directory.ts';

export interface PerformMovePorts {
  readonly store: Pick<EventStore, 'eraseBefore'>;
  readonly directory: UserDirectory;
  readonly claims: Claims;
  readonly step: Step;
}

/**
 * Takes tokens that a user gained from whoever held them: a token reaches one device, and so one user. The old holder loses
 * it first and the claim moves after, so that whoever goes on with it finds the holder by the claim.
 */
export const performMove = ({ store, directory, claims, step }: PerformMovePorts) => {
  const take = async (run: Run, holder: BrazeId, token: PushTokenName): Promise<void> => {
    const name = `lose ${JSON.stringify([token.app_id, token.token])}`;
    const { at } = await step(run, holder, name, ({ profile, events }) =>
      eventsOfLoss(profile, token, isOfToken(events[0]?.data)),
    );
    // The token is personal: nothing of a profile that ended with it stays.
    if (at !== undefined && (await directory.headOf(holder)).user.status === 'deleted')
      await store.eraseBefore(userStream(holder), at);
  };

  return async (
    run: Run,
    { braze_id: to, tokens }: Extract<Operation, { kind: 'move_push_tokens' }>,
  ): Promise<OperationOutcome> => {
    for (const token of tokens) {
      const identifier = { kind: 'push_token', value: token } as const;
      const { brazeId: claimant } = await directory.claimOf(identifier);
      const holder = claimant && (await directory.holderOf(identifier, claimant));
      if (holder !== undefined && holder !== to) await take(run, holder, token);
      await claims.give(identifier, to, run.metadata, { from: holder === undefined ? [] : [holder] });
    }
    return 'done';
  };
};

/** Whether a user was created for a push token, by the data of its first event. */
const isOfToken = (created: unknown): boolean =>
  (created as Partial<UserCreated> | undefined)?.identifier?.kind === 'push_token';
