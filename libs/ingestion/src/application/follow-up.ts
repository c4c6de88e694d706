import type { BrazeId, PushToken } from '@hearth/contracts';
import type { UserCommand } from '@hearth/users';

import type { Applied } from './append-to-user.ts';
import type { UserWrite, WriteOutcome } from './apply-writes.ts';
import { AnswerLost } from './errors.ts';
import type { RequestContext } from './ports.ts';
import type { MovePushTokens } from './push-tokens/move-push-tokens.ts';
import type { SpreadSubscriptions } from './subscriptions/spread-subscriptions.ts';

/** A write that may concern other users than the one it goes to. */
export interface FollowedWrite extends UserWrite {
  readonly changesSubscriptions?: true;
  readonly gainsTokens?: readonly PushToken[];
}

/** What writes to some users mean for others: done, or sure to be done, once this resolves. */
export type FollowUp = (
  writes: readonly FollowedWrite[],
  outcomes: readonly WriteOutcome[],
  context: RequestContext,
) => Promise<void>;

/** Whether writes concern nobody but the users they go to: nearly all do. */
export const concernOthers = (writes: readonly FollowedWrite[]): boolean =>
  writes.some((write) => write.changesSubscriptions === true || write.gainsTokens !== undefined);

interface Concern {
  readonly applied: Applied;
  readonly commands: readonly UserCommand[];
  readonly tokens: readonly PushToken[];
}

/**
 * Throws `AnswerLost` where it could not be made sure: the writes themselves are stored. A caller who got an answer can rely
 * on the rest, whatever crashes afterwards.
 */
export const createFollowUp =
  ({ spread, move }: { readonly spread: SpreadSubscriptions; readonly move: MovePushTokens }): FollowUp =>
  async (writes, outcomes, context) => {
    await Promise.all(
      concernsOf(writes, outcomes).map(async ({ applied, commands, tokens }) => {
        try {
          if (commands.length > 0) await spread(commands, applied, context);
          if (tokens.length > 0) await move(tokens, applied, context);
        } catch (cause) {
          throw new AnswerLost(
            'The write is stored, what it means for other users is not',
            applied.position,
            {
              cause,
            },
          );
        }
      }),
    );
  };

/** User by user, since what one request asks of one user was one append. */
const concernsOf = (
  writes: readonly FollowedWrite[],
  outcomes: readonly WriteOutcome[],
): readonly Concern[] => {
  const concerns = new Map<BrazeId, Concern>();
  writes.forEach(({ commands, changesSubscriptions, gainsTokens = [] }, index) => {
    const outcome = outcomes[index]!;
    if (!('applied' in outcome) || (!changesSubscriptions && gainsTokens.length === 0)) return;
    const { applied } = outcome;
    const known = concerns.get(applied.brazeId);
    concerns.set(applied.brazeId, {
      applied: known && known.applied.revision > applied.revision ? known.applied : applied,
      commands: [...(known?.commands ?? []), ...(changesSubscriptions ? commands : [])],
      tokens: [...(known?.tokens ?? []), ...gainsTokens],
    });
  });
  return [...concerns.values()];
};
