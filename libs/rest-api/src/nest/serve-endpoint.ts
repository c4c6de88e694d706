import { applyDecorators, Get, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

import type { Endpoint } from '../domain/endpoint.ts';

/** Makes a method the handler of an endpoint. Its controller has no path of its own: endpoints carry whole ones. */
export const ServeEndpoint = (endpoint: Endpoint): MethodDecorator =>
  applyDecorators(
    endpoint.method === 'GET' ? Get(endpoint.path) : Post(endpoint.path),
    RouteConfig({ endpoint, permission: endpoint.permission }),
  );

/** The endpoint that a request was routed to, by the configuration of its route; undefined elsewhere. */
export const endpointOf = (routeConfig: unknown): Endpoint | undefined =>
  (routeConfig as { endpoint?: Endpoint } | undefined)?.endpoint;
