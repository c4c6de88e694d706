import { FORCED_TYPES } from '@hearth/contracts';
import { LARGEST_LIST_LIMIT } from '@hearth/workspace';
import type { Endpoint } from '@hearth/rest-api';
import { z } from 'zod';

/** Names that one call may add to a blocklist, or take off it: they fit into one append. */
const NAMES_A_CALL = 300;

const name = z.string().min(1).max(255);
const message = z.object({ message: z.string() });

export const App = z.looseObject({
  /** Made where none is sent. */
  app_id: z.string().min(1).max(255).optional(),
  name,
  platform: z.string().max(255).optional(),
});
export const SubscriptionGroup = z.looseObject({
  /** A UUID; made where none is sent. */
  id: z.string().optional(),
  name,
  channel: z.enum(['email', 'sms']),
});
const names = z.array(z.string()).max(NAMES_A_CALL).default([]);
export const BlocklistChange = z.looseObject({
  list: z.enum(['attributes', 'events', 'external_ids']),
  add: names,
  remove: names,
});
export const TypeChange = z.looseObject({ name, data_type: z.enum(FORCED_TYPES).nullable() });
export const ListLimitChange = z.looseObject({
  name,
  limit: z.int().min(1).max(LARGEST_LIST_LIMIT).nullable(),
});

const apps = z.array(z.object({ app_id: z.string(), name: z.string(), platform: z.string().optional() }));
const groups = z.array(z.object({ id: z.string(), name: z.string(), channel: z.string() }));
const workspace = message.extend({
  apps,
  subscription_groups: groups,
  blocklists: z.object({
    attributes: z.array(z.string()),
    events: z.array(z.string()),
    external_ids: z.array(z.string()),
  }),
  attribute_types: z.record(z.string(), z.string()),
  list_limits: z.record(z.string(), z.number()),
});

const settings = { permission: 'hearth.workspace', kind: 'write' } as const;

export const readWorkspaceEndpoint: Endpoint = {
  ...settings,
  method: 'GET',
  path: '/hearth/workspace',
  kind: 'read',
  summary: 'Everything the workspace is set to',
  responses: { 200: workspace },
};

export const registerAppEndpoint: Endpoint = {
  ...settings,
  method: 'POST',
  path: '/hearth/workspace/apps',
  summary: 'Register an app; once there is one, push tokens and events name registered apps only',
  body: App,
  responses: { 201: message.extend({ app_id: z.string() }) },
};

export const createSubscriptionGroupEndpoint: Endpoint = {
  ...settings,
  method: 'POST',
  path: '/hearth/workspace/subscription_groups',
  summary: 'Create a subscription group; once there is one, states can be set in created groups only',
  body: SubscriptionGroup,
  responses: { 201: message.extend({ id: z.string() }) },
};

export const changeBlocklistEndpoint: Endpoint = {
  ...settings,
  method: 'POST',
  path: '/hearth/workspace/blocklists',
  summary: 'Add names to a blocklist, or take them off it',
  body: BlocklistChange,
  responses: { 201: message.extend({ names: z.array(z.string()) }) },
};

export const forceTypeEndpoint: Endpoint = {
  ...settings,
  method: 'POST',
  path: '/hearth/workspace/attribute_types',
  summary: 'Hold a custom attribute to a data type; null takes it back',
  body: TypeChange,
  responses: { 201: message },
};

export const setListLimitEndpoint: Endpoint = {
  ...settings,
  method: 'POST',
  path: '/hearth/workspace/list_limits',
  summary: 'Set how many items an array attribute keeps; null takes it back to 25',
  body: ListLimitChange,
  responses: { 201: message },
};

export const workspaceEndpoints: readonly Endpoint[] = [
  readWorkspaceEndpoint,
  registerAppEndpoint,
  createSubscriptionGroupEndpoint,
  changeBlocklistEndpoint,
  forceTypeEndpoint,
  setListLimitEndpoint,
];
