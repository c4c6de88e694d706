import { applyDecorators, Get, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Endpoint } from '../domain/endpoint.ts';

/** Makes a method the handler of an endpoint. Its controller has no path of its own: endpoints carry whole ones. */
export const ServeEndpoint = (endpoint: Endpoint): MethodDecorator =>
  applyDecorators(
    endpoint.method === 'GET' ? Get(endpoint.path) : Post(endpoint.path),
    RouteConfig(routeConfigOf(endpoint)),
  );

const routeConfigOf = (endpoint: Endpoint) => ({ endpoint, permission: endpoint.permission });

/**
 * Serves an endpoint past Nest's router, which costs a call some four microseconds: for those that whole products wait for
 * (decision 22). Hooks and errors are those of every endpoint. Call it after `addAccessHook`: a route that stands before that is
 * open to everybody.
 *
 * @param handle sends the reply; what it rejects with is answered as an error.
 */
export const addEndpoint = (
  instance: FastifyInstance,
  endpoint: Endpoint,
  handle: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): void => {
  instance.route({
    method: endpoint.method,
    url: endpoint.path,
    config: routeConfigOf(endpoint),
    handler: (request, reply) => {
      // The promise is not returned: where hooks hold the answer up, Fastify would send another, empty one when it resolves.
      handle(request, reply).catch((error: unknown) => reply.send(asError(error)));
    },
  });
};

/** Fastify takes anything else for an answer. */
const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error('What was thrown is no error', { cause: thrown });

/** The endpoint that a request was routed to, by the configuration of its route; undefined elsewhere. */
export const endpointOf = (routeConfig: unknown): Endpoint | undefined =>
  (routeConfig as { endpoint?: Endpoint } | undefined)?.endpoint;
