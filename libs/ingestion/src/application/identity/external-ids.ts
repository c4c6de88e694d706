import type { ClaimableIdentifier, Json, Operation, OperationOutcome } from '@hearth/contracts';

import {
  parseRemovals,
  parseRenames,
  type IndexedError,
  type Rename,
} from '../../domain/identity/external-ids.ts';
import { isFatal, type FatalError } from '../../domain/parsing/index.ts';
import type { LiveRules } from '../live-rules.ts';
import type { RequestContext } from '../ports.ts';
import type { Accepted } from '../track.ts';
import { readHistory } from './histories.ts';
import type { IdentityPorts } from './identity.ts';
import { AGAIN } from './until-settled.ts';

/** The answer of `/users/external_ids/rename`: the pairs that were renamed (user-data API §12.7). */
export interface RenameReply {
  readonly message: 'success';
  readonly external_ids: readonly {
    readonly current_external_id: string;
    readonly new_external_id: string;
  }[];
  readonly rename_errors: readonly IndexedError[];
}

/** The answer of `/users/external_ids/remove` (user-data API §12.8). */
export interface RemoveReply {
  readonly message: 'success';
  readonly removed_ids: readonly string[];
  readonly removal_errors: readonly IndexedError[];
}

export type ExternalIdEndpoint<Reply> = (
  body: Json,
  context: RequestContext,
) => Promise<Accepted<Reply> | FatalError>;

const texts = {
  unknown: 'The current external_id does not exist',
  deprecated: 'The current external_id is deprecated: only a primary external_id can be renamed',
  taken: 'The new external_id is already in use',
  notFound: 'The external_id does not exist',
  primary: 'The external_id is a primary one: only a deprecated external_id can be removed',
} as const;

const externalId = (value: string): ClaimableIdentifier & { kind: 'external_id' } => ({
  kind: 'external_id',
  value,
});

/** `/users/external_ids/rename`: the new id becomes primary, the old one is deprecated and still names the user. */
export const renameExternalIds = (
  { calls, directory, store }: IdentityPorts,
  rules: LiveRules,
): ExternalIdEndpoint<RenameReply> => {
  const rename = async ({ from, to }: Rename): Promise<Operation | Refusal> => {
    const user = await directory.findNow(externalId(from));
    if (user.kind === 'new') return refused(texts.unknown);
    const { profile } = await readHistory(store, user.brazeId);
    if (profile.status !== 'active') return refused(texts.unknown);
    if (profile.external_ids.at(-1) !== from) return refused(texts.deprecated);
    if ((await directory.findNow(externalId(to))).kind === 'existing') return refused(texts.taken);
    return {
      kind: 'change_identifiers',
      braze_id: user.brazeId,
      add: [externalId(to)],
      remove: [],
      primary: from,
    };
  };
  const resultOf = (outcome: OperationOutcome) => {
    if (outcome === 'done') return undefined;
    if (outcome === 'gone' || outcome === 'busy') return AGAIN;
    return outcome === 'other_primary' ? texts.deprecated : texts.taken;
  };

  return async (body, context) => {
    const request = parseRenames(body, rules.current);
    if (isFatal(request)) return request;
    return calls(context, async (call) => {
      const renamed: { current_external_id: string; new_external_id: string }[] = [];
      const errors: IndexedError[] = [...request.errors];
      for (const { index, value } of request.entries) {
        const error = await call.settle({ part: String(index), decide: () => rename(value), resultOf });
        if (error === undefined) renamed.push({ current_external_id: value.from, new_external_id: value.to });
        else errors.push([index, error]);
      }
      return { message: 'success', external_ids: renamed, rename_errors: inOrder(errors) };
    });
  };
};

/** `/users/external_ids/remove`: a deprecated id names nobody any more, and may be anybody's next. */
export const removeExternalIds = (
  { calls, directory, store }: IdentityPorts,
  rules: LiveRules,
): ExternalIdEndpoint<RemoveReply> => {
  const remove = async (id: string): Promise<Operation | Refusal> => {
    const user = await directory.findNow(externalId(id));
    if (user.kind === 'new') return refused(texts.notFound);
    const { profile } = await readHistory(store, user.brazeId);
    if (profile.status !== 'active' || !profile.external_ids.includes(id)) return refused(texts.notFound);
    if (profile.external_ids.at(-1) === id) return refused(texts.primary);
    return {
      kind: 'change_identifiers',
      braze_id: user.brazeId,
      add: [],
      remove: [externalId(id)],
    };
  };
  const resultOf = (outcome: OperationOutcome) => {
    if (outcome === 'done') return undefined;
    if (outcome === 'gone' || outcome === 'busy') return AGAIN;
    return outcome === 'is_primary' ? texts.primary : texts.notFound;
  };

  return async (body, context) => {
    const request = parseRemovals(body, rules.current);
    if (isFatal(request)) return request;
    return calls(context, async (call) => {
      const removed: string[] = [];
      const errors: IndexedError[] = [...request.errors];
      for (const { index, value } of request.entries) {
        const error = await call.settle({ part: String(index), decide: () => remove(value.id), resultOf });
        if (error === undefined) removed.push(value.id);
        else errors.push([index, error]);
      }
      return { message: 'success', removed_ids: removed, removal_errors: inOrder(errors) };
    });
  };
};

/** Why an entry is refused; of one that is not the result is undefined. */
interface Refusal {
  readonly result: string;
}

const refused = (result: string): Refusal => ({ result });

const inOrder = (errors: readonly IndexedError[]): readonly IndexedError[] =>
  errors.toSorted(([a], [b]) => a - b);
