import { MessagingError } from '@hearth/messaging';
import type { ProfilesClient } from '@hearth/profiles-client';
import type { UserCommand } from '@hearth/users';

import { ADDRESS_OF, channelsOf, subscriptionChanges } from '../../domain/subscriptions/spread.ts';
import type { Applied } from '../append-to-user.ts';
import { ensureOperation, type EnsureOperationPorts } from '../identity/ensure-operation.ts';
import type { LiveRules } from '../live-rules.ts';
import type { RequestContext } from '../ports.ts';

export interface SpreadPorts extends EnsureOperationPorts {
  readonly profiles: ProfilesClient;
  readonly rules: LiveRules;
  readonly newId: () => string;
}

/** Takes what was just set on a user to everybody with the same address. */
export type SpreadSubscriptions = (
  commands: readonly UserCommand[],
  applied: Applied,
  context: RequestContext,
) => Promise<void>;

/** The look-ups before it may take this long; the operation makes them itself where they fail. In milliseconds. */
const LOOK_MS = 1_000;

/**
 * A user who shares no address costs two questions to the projection and no append. Where others have the address, or where
 * nobody can tell now, the work is an operation: once it is in the log it will be done, so a failure after that is nobody's
 * concern here. Throws where it did not come into the log.
 */
export const spreadSubscriptions = (ports: SpreadPorts): SpreadSubscriptions => {
  const { rules, newId } = ports;
  const ensure = ensureOperation(ports);
  const isShared = askWhetherShared(ports);
  return async (commands, applied, context) => {
    const changes = subscriptionChanges(commands, rules.current.subscriptionGroups);
    if (!(await isShared(changes, applied, context))) return;
    const { brazeId, revision } = applied;
    const id = context.request?.idOf(`spread ${brazeId} ${revision}`) ?? newId();
    await ensure(id, { kind: 'spread_subscriptions', braze_id: brazeId, ...changes }, context);
  };
};

const askWhetherShared =
  ({ profiles, clock }: SpreadPorts) =>
  async (
    changes: ReturnType<typeof subscriptionChanges>,
    { brazeId, revision, position }: Applied,
    { deadline }: RequestContext,
  ): Promise<boolean> => {
    const timeoutMs = Math.max(1, Math.min(deadline - clock.now(), LOOK_MS));
    try {
      const question = { braze_id: brazeId, min_revision: revision, select: { contact: true } } as const;
      const { profile } = await profiles.read(question, { timeoutMs });
      for (const channel of channelsOf(changes)) {
        const kind = ADDRESS_OF[channel];
        const value = profile?.contact?.[kind];
        if (value === undefined) continue;
        const carriers = await profiles.resolve({ kind, value, min_position: position }, { timeoutMs });
        if (carriers.some(({ braze_id }) => braze_id !== brazeId)) return true;
      }
      return false;
    } catch (error) {
      if (error instanceof MessagingError) return true;
      throw error;
    }
  };
