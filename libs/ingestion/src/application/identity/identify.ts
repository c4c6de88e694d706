import type { BrazeId, ClaimableIdentifier, Json } from '@hearth/contracts';
import { nameUnder } from '@hearth/users';

import type { EntryError } from '../../domain/identity/entries.ts';
import { parseIdentify, type Identification, type IdentifyCounts } from '../../domain/identity/identify.ts';
import { isFatal, type FatalError } from '../../domain/parsing/index.ts';
import type { LiveRules } from '../live-rules.ts';
import type { RequestContext } from '../ports.ts';
import type { Accepted } from '../track.ts';
import { addressOf } from './addresses.ts';
import type { Call } from './calls.ts';
import { readHistory } from './histories.ts';
import type { IdentityPorts } from './identity.ts';
import { AGAIN, untilSettled } from './until-settled.ts';

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
  const { calls, directory, findUser, keys, store, clock } = ports;

  const attempt = async (
    brazeId: BrazeId,
    { who, externalId }: Identification,
    behavior: 'merge' | 'none',
    part: string,
    call: Call,
  ): Promise<void | typeof AGAIN> => {
    const { profile } = await readHistory(store, brazeId);
    if (profile.status !== 'active') return AGAIN;
    if (profile.external_ids.length > 0) return undefined;
    const identifier: ClaimableIdentifier = { kind: 'external_id', value: externalId };
    const target = await directory.findNow(identifier);
    if (target.kind === 'new') {
      const outcome = await call.run(part, {
        kind: 'change_identifiers',
        braze_id: brazeId,
        add: [identifier],
        remove: [],
        primary: null,
      });
      return outcome === 'done' ? undefined : AGAIN;
    }
    const { profile: kept } = await readHistory(store, target.brazeId);
    if (kept.status !== 'active') return AGAIN;
    const alias = who.identifier.kind === 'user_alias' ? who.identifier.value : undefined;
    if (alias && nameUnder(kept, alias.alias_label) !== undefined) return undefined;
    const address = addressOf(who, keys);
    const outcome = await call.run(part, {
      kind: 'merge',
      from: brazeId,
      into: target.brazeId,
      behavior,
      identifies: alias ? { alias_label: alias.alias_label } : {},
      ...(address !== undefined && { from_address: address }),
    });
    return outcome === 'gone' || outcome === 'not_named_so' ? AGAIN : undefined;
  };

  const settle = (
    entry: Identification,
    behavior: 'merge' | 'none',
    index: number,
    call: Call,
  ): Promise<void> =>
    untilSettled(clock, call.context, async (race) => {
      const brazeId = await findUser(entry.who, call.context);
      if (brazeId === undefined) return undefined;
      return attempt(brazeId, entry, behavior, `${index}.${race}`, call);
    });

  return async (body, context) => {
    const request = parseIdentify(body, rules.current);
    if (isFatal(request)) return request;
    return calls(context, async (call) => {
      for (const [index, entry] of request.entries.entries())
        await settle(entry, request.behavior, index, call);
      const { processed, errors } = request;
      return { ...processed, message: 'success', ...(errors.length > 0 && { errors }) };
    });
  };
};
