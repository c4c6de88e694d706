import type { Endpoint } from '@hearth/rest-api';
import { z } from 'zod';
import { minPosition } from './min-position.ts';
import { pageNumber } from './page-number.ts';

const oneOrMore = z.union([z.string(), z.array(z.string())]).optional();
const subscribers = { external_id: oneOrMore, email: oneOrMore, phone: oneOrMore, min_position: minPosition };

/** Pages of at most 100 users. */
export const UserSubscriptionsQuery = z.looseObject({
  ...subscribers,
  limit: pageNumber({ fallback: 100, least: 1, most: 100 }),
  offset: pageNumber(),
});

export const SubscriptionStatusQuery = z.looseObject({
  ...subscribers,
  subscription_group_id: z.string().optional(),
});

/** The state of users in one group (user-data API §17). */
export const subscriptionStatusEndpoint: Endpoint = {
  method: 'GET',
  path: '/subscription/status/get',
  permission: 'subscription.status.get',
  kind: 'read',
  summary: 'Read the state of users in a subscription group',
  query: SubscriptionStatusQuery,
  responses: {
    200: z.object({ message: z.string(), status: z.record(z.string(), z.string()) }),
    400: z.object({ message: z.string() }),
  },
  examples: [
    {
      name: 'of a user without a state',
      request: { subscription_group_id: '2f1b5e36-5f2a-4d1c-9d9c-8b8e2a6ecb6f', external_id: 'nobody' },
      status: 200,
      response: { message: 'success', status: { nobody: 'unknown' } },
    },
  ],
};

/** The groups of users (user-data API §17). */
export const userSubscriptionsEndpoint: Endpoint = {
  method: 'GET',
  path: '/subscription/user/status',
  permission: 'subscription.groups.get',
  kind: 'read',
  summary: 'Read the subscription groups of users',
  query: UserSubscriptionsQuery,
  responses: {
    200: z.object({
      message: z.string(),
      total_count: z.number(),
      users: z.array(
        z.object({
          external_id: z.string().nullable(),
          email: z.string().nullable(),
          phone: z.string().nullable(),
          subscription_groups: z.array(
            z.object({
              id: z.string(),
              name: z.string(),
              channel: z.enum(['email', 'sms']),
              status: z.enum(['Subscribed', 'Unsubscribed']),
            }),
          ),
        }),
      ),
    }),
    400: z.object({ message: z.string() }),
  },
  examples: [
    {
      name: 'of nobody',
      request: { external_id: 'nobody' },
      status: 200,
      response: { message: 'success', users: [], total_count: 0 },
    },
  ],
};
