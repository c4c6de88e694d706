import type { FastifyInstance } from 'fastify';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';

/**
 * `/health/live`: 200 while the event loop turns. `/health/ready`: 200, or 503 with the checks that fail.
 * `/metrics`: Prometheus text.
 */
export const addHealthRoutes = (
  instance: FastifyInstance,
  { health, metrics }: { readonly health: Health; readonly metrics: Metrics },
): void => {
  instance.get('/health/live', () => ({ message: 'success' }));
  instance.get('/health/ready', async (_request, reply) => {
    const { ready, checks } = await health.readiness();
    if (!ready) void reply.code(503).header('Retry-After', '1');
    return { message: ready ? 'success' : 'Service Unavailable', checks };
  });
  instance.get('/metrics', async (_request, reply) => {
    void reply.header('Content-Type', metrics.contentType);
    return metrics.text();
  });
};
