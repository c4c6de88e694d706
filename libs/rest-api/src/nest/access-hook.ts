import type { Permission } from '@hearth/contracts';
import { ReplyError } from '@hearth/nest-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { ApiKeyRegistry } from '../application/api-key-registry.ts';
import { endpointOf } from './serve-endpoint.ts';

const permissionOf = (request: FastifyRequest): Permission | undefined =>
  endpointOf(request.routeOptions.config)?.permission;

const unsupportedMediaType = { status: 415, body: { message: 'Unsupported Media Type' } } as const;

/**
 * Checks keys before a body is looked at: a bad key with a broken body is a 401 (user-data API §2.2). A write that is let
 * in and carries no JSON is refused next, so that a missing body is a 415 as well. Routes that are no endpoint are open.
 */
export const addAccessHook = (
  instance: FastifyInstance,
  apiKeys: Pick<ApiKeyRegistry, 'authorize'>,
): void => {
  instance.addHook('onRequest', (request, _reply, done) => {
    const permission = permissionOf(request);
    if (permission === undefined) return done();
    const refused = apiKeys.authorize(request.headers.authorization, permission);
    if (refused) return done(new ReplyError({ status: refused.status, body: { message: refused.message } }));
    if (request.method === 'POST' && request.headers['content-type'] === undefined)
      return done(new ReplyError(unsupportedMediaType));
    done();
  });
};
