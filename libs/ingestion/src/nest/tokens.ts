import type { FastifyRequest } from 'fastify';

import type { RequestContext } from '../application/ports.ts';

export const INGESTION = Symbol('ingestion');
/** The rules that bodies are parsed by: `LiveRules`. */
export const RULES = Symbol('rules');
/** The settings of the workspace: an `OpenWorkspace`. */
export const WORKSPACE = Symbol('workspace');
/** Makes a random UUID. */
export const NEW_ID = Symbol('new id');
/** Makes the context of a request that comes in now: a `ContextOf`. */
export const REQUEST_CONTEXT = Symbol('request context');

/** The context of a request that comes in now, with its idempotency key where it has one. */
export type ContextOf = (request: FastifyRequest) => RequestContext;
