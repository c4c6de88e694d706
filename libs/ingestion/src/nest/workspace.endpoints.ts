import { FORCED_TYPES } from '@hearth/contracts';
import { LARGEST_LIST_LIMIT } from '@hearth/workspace';
import type { Endpoint } from '@hearth/rest-api';
import { z } from 'zod';

/** Names that one call may add to a blocklist, or take off it: they fit into one append. */
const NAMES_A_CALL = 300;

const name = z.string().min(1).max(255);
const message = z.object({ message: z.string() });

export const App = z.looseObject({
  app_id: z.string().min(1).max(255).optional().describe('Made where none is sent.'),
  name,
  platform: z.string().max(255).optional(),
});
export const SubscriptionGroup = z.looseObject({
  id: z.string().optional().describe('A UUID; made where none is sent.'),
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
  examples: [
    {
      name: 'An app, a group and a blocked event',
      request: {},
      status: 200,
      response: {
        message: 'success',
        apps: [{ app_id: 'shop-ios', name: 'Shop', platform: 'iOS' }],
        subscription_groups: [
          { id: '0f6c6e1a-0000-4000-8000-000000000001', name: 'Newsletter', channel: 'email' },
        ],
        blocklists: { attributes: [], events: ['scrolled'], external_ids: [] },
        attribute_types: { visits: 'number' },
        list_limits: { tags: 100 },
      },
    },
  ],
};

export const registerAppEndpoint: Endpoint = {
  ...settings,
  method: 'POST',
  path: '/hearth/workspace/apps',
  summary: 'Register an app; once there is one, push tokens and events name registered apps only',
  body: App,
  responses: { 201: message.extend({ app_id: z.string() }) },
  examples: [
    {
      name: 'An app under an id of its own',
      request: { app_id: 'shop-ios', name: 'Shop', platform: 'iOS' },
      status: 201,
      response: { message: 'success', app_id: 'shop-ios' },
    },
  ],
};

export const createSubscriptionGroupEndpoint: Endpoint = {
  ...settings,
  method: 'POST',
  path: '/hearth/workspace/subscription_groups',
  summary: 'Create a subscription group; once there is one, states can be set in created groups only',
  body: SubscriptionGroup,
  responses: { 201: message.extend({ id: z.string() }) },
  examples: [
    {
      name: 'A group for email',
      request: { id: '0f6c6e1a-0000-4000-8000-000000000001', name: 'Newsletter', channel: 'email' },
      status: 201,
      response: { message: 'success', id: '0f6c6e1a-0000-4000-8000-000000000001' },
    },
  ],
};

export const changeBlocklistEndpoint: Endpoint = {
  ...settings,
  method: 'POST',
  path: '/hearth/workspace/blocklists',
  summary: 'Add names to a blocklist, or take them off it',
  body: BlocklistChange,
  responses: { 201: message.extend({ names: z.array(z.string()) }) },
  examples: [
    {
      name: 'An event that is dropped from now on',
      request: { list: 'events', add: ['scrolled'], remove: [] },
      status: 201,
      response: { message: 'success', names: ['scrolled'] },
    },
  ],
};

export const forceTypeEndpoint: Endpoint = {
  ...settings,
  method: 'POST',
  path: '/hearth/workspace/attribute_types',
  summary: 'Hold a custom attribute to a data type; null takes it back',
  body: TypeChange,
  responses: { 201: message },
  examples: [
    {
      name: 'A number, whatever is sent',
      request: { name: 'visits', data_type: 'number' },
      status: 201,
      response: { message: 'success' },
    },
  ],
};

export const setListLimitEndpoint: Endpoint = {
  ...settings,
  method: 'POST',
  path: '/hearth/workspace/list_limits',
  summary: 'Set how many items an array attribute keeps; null takes it back to 25',
  body: ListLimitChange,
  responses: { 201: message },
  examples: [
    {
      name: 'A hundred',
      request: { name: 'tags', limit: 100 },
      status: 201,
      response: { message: 'success' },
    },
  ],
};

export const workspaceEndpoints: readonly Endpoint[] = [
  readWorkspaceEndpoint,
  registerAppEndpoint,
  createSubscriptionGroupEndpoint,
  changeBlocklistEndpoint,
  forceTypeEndpoint,
  setListLimitEndpoint,
];
