import type { ClaimableIdentifier, Json, Operation, UserAlias } from '@hearth/contracts';
import { WrongExpectedRevision } from '@hearth/eventing';
import { nameUnder } from '@hearth/users';

import {
  parseAliasUpdates,
  parseNewAliases,
  type AliasUpdate,
  type NewAlias,
} from '../../domain/identity/aliases.ts';
import type { EntryError } from '../../domain/identity/entries.ts';
import { isFatal, type FatalError } from '../../domain/parsing/index.ts';
import type { LiveRules } from '../live-rules.ts';
import { metadataOf, type RequestContext } from '../ports.ts';
import type { Accepted } from '../track.ts';
import type { Call } from './calls.ts';
import { readHistory } from './histories.ts';
import type { IdentityPorts } from './identity.ts';
import { goesBy } from './names.ts';
import { AGAIN, doneUnlessChanged, NOTHING } from './until-settled.ts';

/** The answer of both alias endpoints (user-data API §12.1, §12.2). */
export interface AliasReply {
  readonly aliases_processed: number;
  readonly message: 'success';
  readonly errors?: readonly EntryError[];
}

export type AliasEndpoint = (
  body: Json,
  context: RequestContext,
) => Promise<Accepted<AliasReply> | FatalError>;

const replyOf = (processed: number, errors: readonly EntryError[]): AliasReply => ({
  aliases_processed: processed,
  message: 'success',
  ...(errors.length > 0 && { errors }),
});

const aliasOf = (value: UserAlias): ClaimableIdentifier & { kind: 'user_alias' } => ({
  kind: 'user_alias',
  value,
});

/** `/users/alias/new`. Entries that name nobody, or an alias that is taken, change nothing and are counted all the same. */
export const newAliases = (ports: IdentityPorts, rules: LiveRules): AliasEndpoint => {
  const { calls, directory, keys, store } = ports;

  /** Makes a user who has nothing but the alias, unless somebody has it. */
  const create = async (alias: UserAlias, call: Call): Promise<void> => {
    for (;;) {
      const target = await directory.findNow(aliasOf(alias));
      if (target.kind === 'existing') return;
      try {
        await ports.createUser(target, metadataOf(call.context));
        return call.stored();
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  };

  const addTo = async (
    externalId: string,
    alias: UserAlias,
  ): Promise<Operation | typeof NOTHING | typeof AGAIN> => {
    const identifier: ClaimableIdentifier = { kind: 'external_id', value: externalId };
    const user = await directory.findNow(identifier);
    if (user.kind === 'new' || (await directory.findNow(aliasOf(alias))).kind === 'existing') return NOTHING;
    const { profile } = await readHistory(store, user.brazeId);
    const name = keys.streamOf(identifier);
    if (profile.status !== 'active' || !goesBy(profile, name, keys)) return AGAIN;
    if (nameUnder(profile, alias.alias_label) !== undefined) return NOTHING;
    return {
      kind: 'change_identifiers',
      braze_id: user.brazeId,
      add: [aliasOf(alias)],
      remove: [],
      name,
    };
  };

  const add = ({ alias, externalId }: NewAlias, part: string, call: Call): Promise<void> =>
    externalId === undefined
      ? create(alias, call)
      : call.settle({ part, decide: () => addTo(externalId, alias), resultOf: doneUnlessChanged });

  return async (body, context) => {
    const request = parseNewAliases(body, rules.current);
    if (isFatal(request)) return request;
    return calls(context, async (call) => {
      for (const [index, entry] of request.entries.entries()) await add(entry, String(index), call);
      return replyOf(request.entries.length, request.errors);
    });
  };
};

/** `/users/alias/update`. An alias that nobody has, or a name that somebody else has, changes nothing. */
export const updateAliases = ({ calls, directory }: IdentityPorts): AliasEndpoint => {
  const update = async ({ from, to }: AliasUpdate): Promise<Operation | typeof NOTHING> => {
    const user = await directory.findNow(aliasOf(from));
    if (user.kind === 'new' || from.alias_name === to.alias_name) return NOTHING;
    if ((await directory.findNow(aliasOf(to))).kind === 'existing') return NOTHING;
    return {
      kind: 'change_identifiers',
      braze_id: user.brazeId,
      add: [aliasOf(to)],
      remove: [aliasOf(from)],
    };
  };

  return async (body, context) => {
    const request = parseAliasUpdates(body);
    if (isFatal(request)) return request;
    return calls(context, async (call) => {
      for (const [index, entry] of request.entries.entries())
        await call.settle({
          part: String(index),
          decide: () => update(entry),
          resultOf: doneUnlessChanged,
        });
      return replyOf(request.entries.length, request.errors);
    });
  };
};
