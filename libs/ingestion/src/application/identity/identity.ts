import type { Operation, OperationOutcome } from '@hearth/contracts';
import type { EventMetadata } from '@hearth/eventing';

import type { LiveRules } from '../live-rules.ts';
import { appendToUser } from '../append-to-user.ts';
import type { Horizon } from '../find-target.ts';
import { forgetRequest } from '../idempotency/forget-requests.ts';
import type { IdentityKeys } from '../identity-keys.ts';
import type { Lanes } from '../lanes.ts';
import type { IngestionPorts } from '../ports.ts';
import { performMove } from '../push-tokens/perform-move.ts';
import { performSpread } from '../subscriptions/perform-spread.ts';
import type { NewUser, UserDirectory } from '../user-directory.ts';
import { newAliases, updateAliases, type AliasEndpoint } from './aliases.ts';
import { identityCalls } from './calls.ts';
import { changeNames } from './change-names.ts';
import { createClaims } from './claims.ts';
import { deleteUsers, type DeleteEndpoint } from './delete.ts';
import { deleteUser } from './delete-user.ts';
import {
  removeExternalIds,
  renameExternalIds,
  type ExternalIdEndpoint,
  type RemoveReply,
  type RenameReply,
} from './external-ids.ts';
import { createFindUser, type FindUser } from './find-user.ts';
import { identify, type Identify } from './identify.ts';
import { merge, type MergeEndpoint } from './merge.ts';
import { mergeUsers } from './merge-users.ts';
import { createOperations, type Operations } from './operations.ts';
import { createStep, type Run } from './steps.ts';
import { unmerge, type UnmergeEndpoint } from './unmerge.ts';
import { unmergeUsers } from './unmerge-users.ts';

/** What the endpoints about identity share. */
export interface IdentityPorts extends Pick<IngestionPorts, 'store' | 'clock'> {
  readonly keys: IdentityKeys;
  readonly directory: UserDirectory;
  readonly calls: ReturnType<typeof identityCalls>;
  readonly findUser: FindUser;
  readonly operations: Pick<Operations, 'resume'>;
  /** Makes a user that has nothing but the identifier it is named by. Throws `WrongExpectedRevision` where somebody did. */
  readonly createUser: (target: NewUser, metadata: EventMetadata) => Promise<void>;
}

/** The endpoints about who is who (user-data API §12). */
export interface Identity {
  readonly newAliases: AliasEndpoint;
  readonly updateAliases: AliasEndpoint;
  readonly identify: Identify;
  readonly merge: MergeEndpoint;
  readonly unmerge: UnmergeEndpoint;
  readonly deleteUsers: DeleteEndpoint;
  readonly renameExternalIds: ExternalIdEndpoint<RenameReply>;
  readonly removeExternalIds: ExternalIdEndpoint<RemoveReply>;
  readonly operations: Operations;
}

export const createIdentity = (
  ports: IngestionPorts & {
    readonly keys: IdentityKeys;
    readonly directory: UserDirectory;
    readonly horizon: Horizon;
    readonly inLane: Lanes;
  },
  rules: LiveRules,
): Identity => {
  const { inLane } = ports;
  const operations: Operations = createOperations({
    ...ports,
    perform: (run, operation) => perform(run, operation),
  });
  const perform = performer(ports, operations, rules);
  const append = appendToUser(ports);
  const shared: IdentityPorts = {
    ...ports,
    operations,
    calls: identityCalls({ ...ports, operations }),
    findUser: createFindUser(ports),
    createUser: async (target, metadata) => {
      await inLane(target.brazeId, () => append(target, [], metadata));
    },
  };
  return {
    newAliases: newAliases(shared, rules),
    updateAliases: updateAliases(shared),
    identify: identify(shared, rules),
    merge: merge(shared, rules),
    unmerge: unmerge(shared, rules),
    deleteUsers: deleteUsers(shared, rules),
    renameExternalIds: renameExternalIds(shared, rules),
    removeExternalIds: removeExternalIds(shared, rules),
    operations,
  };
};

const performer = (
  ports: Parameters<typeof createIdentity>[0],
  operations: Operations,
  rules: LiveRules,
): ((run: Run, operation: Operation) => Promise<OperationOutcome>) => {
  const step = createStep(ports);
  const claims = createClaims(ports);
  const shared = { store: ports.store, keys: ports.keys, step, claims };
  const change = changeNames(shared);
  const mergeBoth = mergeUsers({ ...shared, rules });
  const unmergeBoth = unmergeUsers(shared);
  const deleteOne = deleteUser({
    ...shared,
    operations,
    forgetRequest: forgetRequest(ports),
    forgetOperation: (stream) => operations.forget(stream),
  });
  const spread = performSpread({ ...ports, step });
  const move = performMove({ ...ports, step, claims });
  return async (run, operation) => {
    switch (operation.kind) {
      case 'change_identifiers':
        return change(run, operation);
      case 'merge':
        return mergeBoth(run, operation);
      case 'unmerge':
        return unmergeBoth(run, operation);
      case 'delete':
        return deleteOne(run, operation);
      case 'spread_subscriptions':
        return spread(run, operation);
      case 'move_push_tokens':
        return move(run, operation);
    }
  };
};
