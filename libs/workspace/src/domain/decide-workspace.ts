import { FORCED_TYPES, type SubscriptionGroupCreated, type WorkspaceEvent } from '@hearth/contracts';
import { reject, type Rejection } from '@hearth/eventing';

import { BLOCKLIST_LIMIT, LARGEST_LIST_LIMIT, MAX_NAME_CHARS } from './limits.ts';
import { groupIdOf, isGroupId } from './subscription-groups.ts';
import type { WorkspaceCommand, WorkspaceRejection } from './workspace-command.ts';
import type { Workspace } from './workspace.ts';

type Decision = readonly WorkspaceEvent[] | Rejection<WorkspaceRejection>;
type DataOf<Type extends WorkspaceCommand['type']> = Extract<WorkspaceCommand, { type: Type }>['data'];

/** The rules of `workspace-settings`. What is set already leads to nothing, so a command may be sent again. */
export const decideWorkspace = (command: WorkspaceCommand, workspace: Workspace): Decision => {
  switch (command.type) {
    case 'RegisterApp':
      return registerApp(command.data, workspace);
    case 'CreateSubscriptionGroup':
      return createGroup(command.data, workspace);
    case 'ChangeBlocklist':
      return changeBlocklist(command.data, workspace);
    case 'ForceAttributeType':
      return forceType(command.data, workspace);
    case 'SetAttributeListLimit':
      return setListLimit(command.data, workspace);
    default:
      return command satisfies never;
  }
};

const malformed = (detail: string): Rejection<WorkspaceRejection> => reject('malformed', detail);

const isName = (name: string): boolean => name !== '' && name.length <= MAX_NAME_CHARS;
const isAttributeName = (name: string): boolean => isName(name) && !name.startsWith('$');

const registerApp = (app: DataOf<'RegisterApp'>, { apps }: Workspace): Decision => {
  if (!isName(app.app_id)) return malformed("'app_id' must have 1 to 255 characters");
  if (!isName(app.name)) return malformed("'name' must have 1 to 255 characters");
  const known = apps.get(app.app_id);
  return known?.name === app.name && known.platform === app.platform
    ? []
    : [{ type: 'AppRegistered', data: app }];
};

const isSameGroup = (a: SubscriptionGroupCreated, b: SubscriptionGroupCreated): boolean =>
  a.name === b.name && a.channel === b.channel;

/** A group keeps its channel for good: states were spread along it. */
const createGroup = (sent: DataOf<'CreateSubscriptionGroup'>, { groups }: Workspace): Decision => {
  const group = { ...sent, id: groupIdOf(sent.id) };
  if (!isGroupId(group.id)) return malformed("'id' must be a UUID");
  if (!isName(group.name)) return malformed("'name' must have 1 to 255 characters");
  const known = groups.get(group.id);
  if (known === undefined) return [{ type: 'SubscriptionGroupCreated', data: group }];
  return isSameGroup(known, group)
    ? []
    : reject('group_exists', `There is a subscription group ${group.id} already, named "${known.name}"`);
};

const lists = {
  attributes: {
    of: (workspace: Workspace) => workspace.blocklistedAttributes,
    isValid: isAttributeName,
    what: "a custom attribute's name: 1 to 255 characters, no $ in front",
    limit: BLOCKLIST_LIMIT,
    added: (name: string): WorkspaceEvent => ({ type: 'AttributeBlocklisted', data: { name } }),
    removed: (name: string): WorkspaceEvent => ({ type: 'AttributeUnblocklisted', data: { name } }),
  },
  events: {
    of: (workspace: Workspace) => workspace.blocklistedEvents,
    isValid: isName,
    what: "an event's name: 1 to 255 characters",
    limit: BLOCKLIST_LIMIT,
    added: (name: string): WorkspaceEvent => ({ type: 'EventBlocklisted', data: { name } }),
    removed: (name: string): WorkspaceEvent => ({ type: 'EventUnblocklisted', data: { name } }),
  },
  external_ids: {
    of: (workspace: Workspace) => workspace.blockedExternalIds,
    isValid: (id: string) => id !== '' && id.length <= 987,
    what: 'an external_id: 1 to 987 characters',
    limit: 10_000,
    added: (external_id: string): WorkspaceEvent => ({ type: 'ExternalIdBlocked', data: { external_id } }),
    removed: (external_id: string): WorkspaceEvent => ({
      type: 'ExternalIdUnblocked',
      data: { external_id },
    }),
  },
} as const;

/** Takes names off the list first, so that a full one can change in one step; a name that is asked for twice stays. */
const changeBlocklist = (
  { list, add, remove }: DataOf<'ChangeBlocklist'>,
  workspace: Workspace,
): Decision => {
  const { of, isValid, what, limit, added, removed } = lists[list];
  const wrong = add.find((name) => !isValid(name));
  if (wrong !== undefined)
    return malformed(`${JSON.stringify(wrong.slice(0, MAX_NAME_CHARS))} is not ${what}`);
  const names = new Set(of(workspace));
  const events: WorkspaceEvent[] = [];
  for (const name of remove) if (!add.includes(name) && names.delete(name)) events.push(removed(name));
  for (const name of add) {
    if (names.has(name)) continue;
    names.add(name);
    events.push(added(name));
  }
  return names.size > limit
    ? reject('blocklist_full', `A blocklist of ${list} holds at most ${limit}; this would make ${names.size}`)
    : events;
};

const forceType = (
  { name, data_type }: DataOf<'ForceAttributeType'>,
  { forcedTypes }: Workspace,
): Decision => {
  if (!isAttributeName(name)) return malformed(`'name' must be ${lists.attributes.what}`);
  if (data_type !== null && !FORCED_TYPES.includes(data_type))
    return malformed(`'data_type' must be null or one of ${FORCED_TYPES.join(', ')}`);
  return (forcedTypes.get(name) ?? null) === data_type
    ? []
    : [{ type: 'AttributeTypeForced', data: { name, data_type } }];
};

const setListLimit = (
  { name, limit }: DataOf<'SetAttributeListLimit'>,
  { listLimits }: Workspace,
): Decision => {
  if (!isAttributeName(name)) return malformed(`'name' must be ${lists.attributes.what}`);
  if (limit !== null && !(Number.isInteger(limit) && limit >= 1 && limit <= LARGEST_LIST_LIMIT))
    return malformed(`'limit' must be null or a whole number from 1 to ${LARGEST_LIST_LIMIT}`);
  return (listLimits.get(name) ?? null) === limit
    ? []
    : [{ type: 'AttributeListLimitSet', data: { name, limit } }];
};
