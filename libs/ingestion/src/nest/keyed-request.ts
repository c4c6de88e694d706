import type { FastifyRequest } from 'fastify';

import type { KeyedRequest } from '../application/ports.ts';

/** Requests that carry an idempotency key, from when it was accepted until they are answered. */
const keyed = new WeakMap<FastifyRequest, KeyedRequest>();

/** What a request with an idempotency key hands to the writes it leads to; undefined for one without. */
export const keyedRequestOf = (request: FastifyRequest): KeyedRequest | undefined =>
  request.headers['idempotency-key'] === undefined ? undefined : keyed.get(request);
