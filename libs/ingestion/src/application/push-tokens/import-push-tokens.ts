import type { PushToken } from '@hearth/contracts';
import { laterPosition, WrongExpectedRevision, type EventStore } from '@hearth/eventing';
import type { UserCommand } from '@hearth/users';

import { holdsToken } from '../../domain/push-tokens.ts';
import type { PushTokenImport } from '../../domain/parsing/index.ts';
import { appendToUser, type AppendPorts } from '../append-to-user.ts';
import type { WriteOutcome } from '../apply-writes.ts';
import type { Horizon } from '../find-target.ts';
import { readHistory } from '../identity/histories.ts';
import type { Lanes } from '../lanes.ts';
import { metadataOf, type RequestContext } from '../ports.ts';
import type { ExistingUser, NewUser } from '../user-directory.ts';

export interface ImportPushTokensPorts extends AppendPorts {
  readonly store: EventStore;
  readonly inLane: Lanes;
  readonly horizon: Horizon;
}

/** Makes a profile for each token that nobody holds (user-data API §7.3). Answers import by import, in order. */
export type ImportPushTokens = (
  imports: readonly PushTokenImport[],
  context: RequestContext,
) => Promise<readonly WriteOutcome[]>;

/**
 * A token is known where its claim leads to a user who still holds it; what would be imported for it is left out. Imports run
 * one after the other, so that a token that stands twice in a request makes one profile.
 */
export const importPushTokens = (ports: ImportPushTokensPorts): ImportPushTokens => {
  const { store, directory, inLane, horizon } = ports;
  const append = appendToUser(ports);

  const targetOf = async ({ app_id, token }: PushToken): Promise<NewUser | undefined> => {
    const identifier = { kind: 'push_token', value: { app_id, token } } as const;
    let target: ExistingUser | NewUser = await directory.find(identifier);
    if (target.kind === 'existing') {
      const { profile } = await readHistory(store, target.brazeId);
      if (holdsToken(profile, identifier.value)) return undefined;
      target = await directory.claimAnew(identifier);
    }
    return target.kind === 'new' ? target : undefined;
  };

  const importOne = async (
    token: PushToken,
    { data, more }: PushTokenImport,
    context: RequestContext,
  ): Promise<WriteOutcome> => {
    try {
      const target = await targetOf(token);
      if (target === undefined) return { absent: true };
      const update: UserCommand = { type: 'UpdateAttributes', data: { ...data, push_tokens: [token] } };
      const applied = await inLane(target.brazeId, () =>
        append(target, [update, ...more], metadataOf(context)),
      );
      horizon.position = laterPosition(horizon.position, applied.position);
      return { applied };
    } catch (error) {
      // Somebody made the profile meanwhile: the token is known now.
      return error instanceof WrongExpectedRevision ? { absent: true } : { failed: error as Error };
    }
  };

  return async (imports, context) => {
    const outcomes: WriteOutcome[] = [];
    for (const each of imports) {
      let outcome: WriteOutcome = { absent: true };
      for (const token of each.tokens) {
        const next = await importOne(token, each, context);
        if (!('absent' in next)) outcome = next;
        if ('failed' in next) break;
      }
      outcomes.push(outcome);
    }
    return outcomes;
  };
};
