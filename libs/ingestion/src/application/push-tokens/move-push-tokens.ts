import type { PushToken } from '@hearth/contracts';
import type { EventMetadata } from '@hearth/eventing';

import type { Applied } from '../append-to-user.ts';
import type { Claims } from '../identity/claims.ts';
import { ensureOperation, type EnsureOperationPorts } from '../identity/ensure-operation.ts';
import { metadataOf, type RequestContext } from '../ports.ts';

export interface MovePushTokensPorts extends EnsureOperationPorts {
  readonly claims: Claims;
  readonly newId: () => string;
}

/** Makes the tokens that a user just gained its own. */
export type MovePushTokens = (
  tokens: readonly PushToken[],
  applied: Applied,
  context: RequestContext,
) => Promise<void>;

/**
 * A token that nobody holds is claimed, which is how an import knows it later (user-data API §7.3). Taking one from another
 * user is an operation: what it fails at after it came into the log is finished by others.
 */
export const movePushTokens = (ports: MovePushTokensPorts): MovePushTokens => {
  const { claims, newId } = ports;
  const ensure = ensureOperation(ports);
  const isFree = async (
    { app_id, token }: PushToken,
    brazeId: string,
    metadata: EventMetadata,
  ): Promise<boolean> => claims.give({ kind: 'push_token', value: { app_id, token } }, brazeId, metadata);

  return async (tokens, { brazeId, revision }, context) => {
    const metadata = metadataOf(context);
    const held: PushToken[] = [];
    for (const token of tokens) if (!(await isFree(token, brazeId, metadata))) held.push(token);
    if (held.length === 0) return;
    const id = context.request?.idOf(`tokens ${brazeId} ${revision}`) ?? newId();
    const names = held.map(({ app_id, token }) => ({ app_id, token }));
    await ensure(id, { kind: 'move_push_tokens', braze_id: brazeId, tokens: names }, context);
  };
};
