import type { FastifyRequest } from 'fastify';

import type { RequestContext } from '../application/ports.ts';

export const INGESTION = Symbol('ingestion');
/** Makes the context of a request that comes in now: a `ContextOf`. */
export const REQUEST_CONTEXT = Symbol('request context');

/** The context of a request that comes in now, with its idempotency key where it has one. */
export type ContextOf = (request: FastifyRequest) => RequestContext;
