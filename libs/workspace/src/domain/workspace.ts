import type { AppRegistered, ForcedType, SubscriptionGroupCreated, WorkspaceEvent } from '@hearth/contracts';

import { groupIdOf } from './subscription-groups.ts';

/** What a workspace is set to: the fold of `workspace-settings`. */
export interface Workspace {
  /** By app_id. */
  readonly apps: ReadonlyMap<string, AppRegistered>;
  /** By id. */
  readonly groups: ReadonlyMap<string, SubscriptionGroupCreated>;
  readonly blocklistedAttributes: ReadonlySet<string>;
  readonly blocklistedEvents: ReadonlySet<string>;
  readonly blockedExternalIds: ReadonlySet<string>;
  /** By the attribute's name, like `listLimits`. */
  readonly forcedTypes: ReadonlyMap<string, ForcedType>;
  readonly listLimits: ReadonlyMap<string, number>;
}

const nothing: ReadonlySet<string> = new Set();

export const emptyWorkspace: Workspace = {
  apps: new Map(),
  groups: new Map(),
  blocklistedAttributes: nothing,
  blocklistedEvents: nothing,
  blockedExternalIds: nothing,
  forcedTypes: new Map(),
  listLimits: new Map(),
};

/** Folds one event. Settings are few and change rarely, so what changes is copied. */
export const evolveWorkspace = (
  workspace: Workspace,
  event: { readonly type: string; readonly data: unknown },
): Workspace => {
  const { type, data } = event as WorkspaceEvent;
  switch (type) {
    case 'AppRegistered':
      return { ...workspace, apps: set(workspace.apps, data.app_id, data) };
    case 'SubscriptionGroupCreated': {
      const id = groupIdOf(data.id);
      return { ...workspace, groups: set(workspace.groups, id, { ...data, id }) };
    }
    case 'AttributeBlocklisted':
      return { ...workspace, blocklistedAttributes: added(workspace.blocklistedAttributes, data.name) };
    case 'AttributeUnblocklisted':
      return { ...workspace, blocklistedAttributes: removed(workspace.blocklistedAttributes, data.name) };
    case 'EventBlocklisted':
      return { ...workspace, blocklistedEvents: added(workspace.blocklistedEvents, data.name) };
    case 'EventUnblocklisted':
      return { ...workspace, blocklistedEvents: removed(workspace.blocklistedEvents, data.name) };
    case 'ExternalIdBlocked':
      return { ...workspace, blockedExternalIds: added(workspace.blockedExternalIds, data.external_id) };
    case 'ExternalIdUnblocked':
      return { ...workspace, blockedExternalIds: removed(workspace.blockedExternalIds, data.external_id) };
    case 'AttributeTypeForced':
      return { ...workspace, forcedTypes: set(workspace.forcedTypes, data.name, data.data_type) };
    case 'AttributeListLimitSet':
      return { ...workspace, listLimits: set(workspace.listLimits, data.name, data.limit) };
    default:
      return workspace; // a newer version may have written settings that this one does not know
  }
};

const added = (names: ReadonlySet<string>, name: string): ReadonlySet<string> => new Set(names).add(name);

const removed = (names: ReadonlySet<string>, name: string): ReadonlySet<string> => {
  const left = new Set(names);
  left.delete(name);
  return left;
};

/** Null takes a setting back. */
const set = <Value>(
  entries: ReadonlyMap<string, Value>,
  key: string,
  value: Value | null,
): ReadonlyMap<string, Value> => {
  const fresh = new Map(entries);
  if (value === null) fresh.delete(key);
  else fresh.set(key, value);
  return fresh;
};
