import type { Endpoint } from '@hearth/rest-api';
import { z } from 'zod';

const texts = z.union([z.string(), z.array(z.string()).max(50)]);
const state = {
  subscription_group_id: z.string(),
  subscription_state: z.enum(['subscribed', 'unsubscribed']),
};
const success = z.object({ message: z.string() });
const GROUP = 'b9b3b5c2-7a94-4b28-8b6e-3f7f0a3f5c61';

const settings = {
  method: 'POST',
  permission: 'subscription.status.set',
  kind: 'write',
  responses: { 201: success },
} as const;

/** Bodies are parsed by hand, for the documented texts: the schemas here are for the document alone. */
export const setStatusEndpoint: Endpoint = {
  ...settings,
  path: '/subscription/status/set',
  summary: "Set users' state in a subscription group",
  body: z.looseObject({
    ...state,
    external_id: texts.optional(),
    email: texts.optional(),
    phone: texts.optional(),
  }),
  examples: [
    {
      name: 'One user',
      request: { subscription_group_id: GROUP, subscription_state: 'subscribed', external_id: 'u1' },
      status: 201,
      response: { message: 'success' },
    },
  ],
};

const list = z.array(z.string()).max(50).optional();

export const setStatusV2Endpoint: Endpoint = {
  ...settings,
  path: '/v2/subscription/status/set',
  summary: "Set users' states in several subscription groups",
  body: z.looseObject({
    subscription_groups: z.array(z.looseObject({ ...state, external_ids: list, emails: list, phones: list })),
  }),
  examples: [
    {
      name: 'Users and addresses',
      request: {
        subscription_groups: [
          {
            subscription_group_id: GROUP,
            subscription_state: 'unsubscribed',
            external_ids: ['u1'],
            emails: ['ada@example.com'],
          },
        ],
      },
      status: 201,
      response: { message: 'success' },
    },
  ],
};

export const subscriptionEndpoints: readonly Endpoint[] = [setStatusEndpoint, setStatusV2Endpoint];
