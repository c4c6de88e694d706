import { permissions } from '@hearth/contracts';
import { parseAddressRange } from '@hearth/nest-kit';
import { z } from 'zod';

import type { Endpoint } from '../domain/endpoint.ts';

const MAX_NAME = 255;
const MAX_ADDRESSES = 1_000;

const listing = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.array(z.string()),
  ip_allowlist: z.array(z.string()),
  created_by: z.string().nullable().meta({ description: 'The id of the key that made it' }),
  created_at: z.string().nullable().meta({ description: 'ISO 8601; null for the key of HEARTH_API_KEY' }),
  last_seen: z.string().nullable().meta({
    description:
      'ISO 8601; null where no use is known. Uses at other instances are known after a quarter of an hour.',
  }),
});

const refused = z.object({ message: z.string() });

export const NewApiKeyBody = z.looseObject({
  name: z.string().trim().min(1, "'name' is required").max(MAX_NAME),
  permissions: z
    .array(
      z.enum(['*', ...permissions], {
        error: ({ input }) => `${JSON.stringify(input)} is no permission; "*" stands for all of them`,
      }),
    )
    .min(1, "'permissions' must name at least one"),
  ip_allowlist: z
    .array(
      z.string().refine((text) => parseAddressRange(text) !== undefined, {
        error: ({ input }) => `${JSON.stringify(input)} is neither an address nor a subnet`,
      }),
    )
    .max(MAX_ADDRESSES)
    .default([])
    .meta({ description: 'Addresses and subnets that the key may be used from; empty or left out: any' }),
});

export const RevokedApiKeyBody = z.looseObject({ id: z.string() });

export const createApiKeyEndpoint: Endpoint = {
  method: 'POST',
  path: '/hearth/api_keys',
  permission: 'hearth.api_keys',
  kind: 'write',
  answerIsSecret: true,
  summary: 'Make an API key; the answer is the only place where it is ever shown',
  body: NewApiKeyBody,
  responses: { 201: listing.extend({ message: z.string(), key: z.string() }), 400: refused },
  examples: [
    {
      name: 'A key for a server in one subnet',
      request: {
        name: 'Shop',
        permissions: ['users.track', 'users.track.sync'],
        ip_allowlist: ['192.0.2.0/24'],
      },
      status: 201,
      response: {
        message: 'success',
        key: 'kZ0u1b7XH8mFQzN3vR5yT2wC6dE9gJ4lP0sA8iO7qUk',
        id: '3f1c7a52-4a0e-4c8e-9d49-0c4d7c1f2b11',
        name: 'Shop',
        permissions: ['users.track', 'users.track.sync'],
        ip_allowlist: ['192.0.2.0/24'],
        created_by: 'first',
        created_at: '2026-01-31T12:00:00.000Z',
        last_seen: null,
      },
    },
  ],
};

export const listApiKeysEndpoint: Endpoint = {
  method: 'GET',
  path: '/hearth/api_keys',
  permission: 'hearth.api_keys',
  kind: 'read',
  summary: 'List the API keys, without the keys themselves',
  responses: { 200: z.object({ message: z.string(), api_keys: z.array(listing) }) },
  examples: [
    {
      name: 'The first key alone',
      request: {},
      status: 200,
      response: {
        message: 'success',
        api_keys: [
          {
            id: 'first',
            name: 'First key',
            permissions: ['*'],
            ip_allowlist: [],
            created_by: null,
            created_at: '2026-01-31T12:00:00.000Z',
            last_seen: '2026-01-31T12:15:30.000Z',
          },
        ],
      },
    },
  ],
};

export const revokeApiKeyEndpoint: Endpoint = {
  method: 'POST',
  path: '/hearth/api_keys/revoke',
  permission: 'hearth.api_keys',
  kind: 'write',
  summary: 'End an API key',
  body: RevokedApiKeyBody,
  responses: { 200: z.object({ message: z.string() }), 400: refused, 404: refused },
  examples: [
    {
      name: 'A key by its id',
      request: { id: '3f1c7a52-4a0e-4c8e-9d49-0c4d7c1f2b11' },
      status: 200,
      response: { message: 'success' },
    },
  ],
};

/** The administration of API keys: served by ingestion. */
export const apiKeyEndpoints: readonly Endpoint[] = [
  createApiKeyEndpoint,
  listApiKeysEndpoint,
  revokeApiKeyEndpoint,
];
