import type { ClaimableIdentifier, Json, Operation, OperationOutcome } from '@hearth/contracts';
import { nameUnder } from '@hearth/users';

import type { EntryError } from '../../domain/identity/entries.ts';
import { parseIdentify, type Identification, type IdentifyCounts } from '../../domain/identity/identify.ts';
import { isFatal, type FatalError } from '../../domain/parsing/index.ts';
import type { LiveRules } from '../live-rules.ts';
import type { RequestContext } from '../ports.ts';
import type { Accepted } from '../track.ts';
import { readHistory } from './histories.ts';
import type { IdentityPorts } from './identity.ts';
import { goesBy, nameOf } from './names.ts';
import { AGAIN, NOTHING } from './until-settled.ts';

/** The answer of `/users/identify`: how many entries of each kind were taken (user-data API §12.3). */
export interface IdentifyReply extends IdentifyCounts {
  readonly message: 'success';
  readonly errors?: readonly EntryError[];
}

export type Identify = (body: Json, context: RequestContext) => Promise<Accepted<IdentifyReply> | FatalError>;

/**
 * `/users/identify`: gives a user without an external id one. Where a user has that id already, the two are merged, unless it
 * has an alias under the same label; a user who has an external id is never merged into another by this.
 */
export const identify = (ports: IdentityPorts, rules: LiveRules): Identify => {
  const { calls, directory, findUser, keys, store } = ports;

  const decide = async (
    { who, externalId }: Identification,
    behavior: 'merge' | 'none',
    context: RequestContext,
  ): Promise<Operation | typeof NOTHING | typeof AGAIN> => {
    const brazeId = await findUser(who, context);
    if (brazeId === undefined) return NOTHING;
    const { profile } = await readHistory(store, brazeId);
    const name = nameOf(who, keys);
    if (profile.status !== 'active' || !goesBy(profile, name, keys)) return AGAIN;
    if (profile.external_ids.length > 0) return NOTHING;
    const identifier: ClaimableIdentifier = { kind: 'external_id', value: externalId };
    const target = await directory.findNow(identifier);
    if (target.kind === 'new')
      return {
        kind: 'change_identifiers',
        braze_id: brazeId,
        add: [identifier],
        remove: [],
        primary: null,
        ...(name !== undefined && { name }),
      };
    const { profile: kept } = await readHistory(store, target.brazeId);
    const targetName = keys.streamOf(identifier);
    if (kept.status !== 'active' || !goesBy(kept, targetName, keys)) return AGAIN;
    const alias = who.identifier.kind === 'user_alias' ? who.identifier.value : undefined;
    if (alias && nameUnder(kept, alias.alias_label) !== undefined) return NOTHING;
    return {
      kind: 'merge',
      from: brazeId,
      into: target.brazeId,
      behavior,
      identifies: alias ? { alias_label: alias.alias_label } : {},
      ...(name !== undefined && { from_name: name }),
      into_name: targetName,
    };
  };

  /** What a rule forbids by now is looked at again: there is less to do then, or something else. */
  const resultOf = (outcome: OperationOutcome) =>
    outcome === 'done' || outcome === 'too_large' ? undefined : AGAIN;

  return async (body, context) => {
    const request = parseIdentify(body, rules.current);
    if (isFatal(request)) return request;
    return calls(context, async (call) => {
      for (const [index, entry] of request.entries.entries())
        await call.settle({
          part: String(index),
          decide: () => decide(entry, request.behavior, context),
          resultOf,
        });
      const { processed, errors } = request;
      return { ...processed, message: 'success', ...(errors.length > 0 && { errors }) };
    });
  };
};
