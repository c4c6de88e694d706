import type { FastifyInstance } from 'fastify';

import { endpointOf } from './serve-endpoint.ts';

/** Gives routes the body limits that their endpoints declare; a larger body is a 413 (user-data API §1). */
export const addBodyLimits = (instance: FastifyInstance): void => {
  instance.addHook('onRoute', (route) => {
    const limit = endpointOf(route.config)?.bodyLimitBytes;
    if (limit !== undefined) route.bodyLimit = limit;
  });
};
