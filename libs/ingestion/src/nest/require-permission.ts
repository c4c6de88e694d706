import type { Permission } from '@hearth/contracts';
import { ReplyError } from '@hearth/nest-kit';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { ApiKeyRegistry } from '../application/api-key-registry.ts';

/** Names the permission that a key needs for a route. */
export const RequirePermission = (permission: Permission): MethodDecorator => RouteConfig({ permission });

const permissionOf = (request: FastifyRequest): Permission | undefined =>
  (request.routeOptions.config as { permission?: Permission } | undefined)?.permission;

/**
 * Checks keys before a body is looked at: a bad key with a broken body is a 401 (user-data API §2.2). A request that is let
 * in and carries no JSON is refused next, so that a missing body is a 415 as well.
 */
export const checkAccess = (instance: FastifyInstance, apiKeys: Pick<ApiKeyRegistry, 'authorize'>): void => {
  instance.addHook('onRequest', (request, _reply, done) => {
    const permission = permissionOf(request);
    if (permission === undefined) return done();
    const refused = apiKeys.authorize(request.headers.authorization, permission);
    if (refused) return done(new ReplyError({ status: refused.status, body: { message: refused.message } }));
    if (request.headers['content-type'] === undefined)
      return done(new ReplyError({ status: 415, body: { message: 'Unsupported Media Type' } }));
    done();
  });
};
