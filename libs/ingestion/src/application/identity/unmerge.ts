import type { BrazeId, Json, Operation, UserMerged } from '@hearth/contracts';

import { refusedRequest } from '../../domain/identity/entries.ts';
import { parseUnmerge, type UniqueIdentifier } from '../../domain/identity/unmerge.ts';
import { isFatal, type FatalError } from '../../domain/parsing/index.ts';
import type { LiveRules } from '../live-rules.ts';
import type { RequestContext } from '../ports.ts';
import type { Accepted } from '../track.ts';
import { lastMergeOf, readHistory, type History } from './histories.ts';
import type { IdentityPorts } from './identity.ts';

/** The answer of `/hearth/users/unmerge`: who is there again, and who it had been merged into. */
export interface UnmergeReply {
  readonly message: 'success';
  readonly restored_braze_id: BrazeId;
  readonly kept_braze_id: BrazeId;
}

export type UnmergeEndpoint = (
  body: Json,
  context: RequestContext,
) => Promise<Accepted<UnmergeReply> | FatalError>;

type Unmerge = Extract<Operation, { kind: 'unmerge' }>;

const texts = {
  unknown: 'No user is known by this identifier',
  notMerged: 'The user was not merged, and nobody was merged into it',
  survivorGone:
    'The user that it was merged into is no longer there: where that one was merged as well, undo that merge first',
} as const;

/**
 * Takes a merge back. A user that was merged away names its merge; a user that is there names the newest one into it. A merge that
 * is half done is finished first.
 */
export const unmerge = (ports: IdentityPorts, rules: LiveRules): UnmergeEndpoint => {
  const { calls, directory, operations, store } = ports;

  const brazeIdOf = async (identifier: UniqueIdentifier): Promise<BrazeId | undefined> =>
    identifier.kind === 'braze_id' ? identifier.value : (await directory.claimOf(identifier)).brazeId;

  const find = async (identifier: UniqueIdentifier): Promise<Unmerge | string> => {
    const brazeId = await brazeIdOf(identifier);
    const history = brazeId === undefined ? undefined : await readHistory(store, brazeId);
    switch (history?.profile.status) {
      case 'merged': {
        const from = history.brazeId;
        const operation = lastMergeOf(history)?.metadata.operation;
        if (operation !== undefined) await operations.resume(operation);
        const survivor = await readHistory(store, history.profile.merged_into);
        if (survivor.profile.status !== 'active') return texts.survivorGone;
        return mergeInto(survivor, (merged) => merged.from === from) ?? texts.notMerged;
      }
      case 'active':
        return mergeInto(history, () => true) ?? texts.notMerged;
      default:
        return texts.unknown;
    }
  };

  return async (body, context) => {
    const request = parseUnmerge(body, rules.current);
    if (isFatal(request)) return request;
    const { reply, position } = await calls(context, (call) =>
      call.settle<UnmergeReply | string>({
        part: '0',
        async decide() {
          const found = await find(request.identifier);
          return typeof found === 'string' ? { result: found } : found;
        },
        resultOf: (outcome, operation) =>
          outcome === 'done' && operation?.kind === 'unmerge'
            ? { message: 'success', restored_braze_id: operation.from, kept_braze_id: operation.into }
            : texts.notMerged,
      }),
    );
    return typeof reply === 'string' ? refusedRequest(reply) : { reply, position };
  };
};

/** The newest merge into a user that is fit and still counts. */
const mergeInto = (
  { brazeId: into, events, undone }: History,
  isFit: (merged: UserMerged) => boolean,
): Unmerge | undefined => {
  const event = events.findLast(
    ({ type, data, revision }) => type === 'UserMerged' && !undone.has(revision) && isFit(data as UserMerged),
  );
  if (!event) return undefined;
  const { from, at_revision } = event.data as UserMerged;
  return {
    kind: 'unmerge',
    from,
    into,
    merged_into_revision: at_revision,
    user_merged_revision: event.revision,
  };
};
