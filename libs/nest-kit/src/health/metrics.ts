import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What a process counts, for Prometheus. */
export interface Metrics {
  /** Where services register counters of their own. */
  readonly registry: Registry;
  readonly contentType: string;
  text(): Promise<string>;
  /** A Fastify `onResponse` hook that records how long the answer took, by route template, method and status. */
  readonly observeResponse: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of one process: those of Node, and a histogram of HTTP answers. */
export const createMetrics = (service: string): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'hearth_http_request_duration_seconds',
    help: 'Time from the arrival of a request to its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  return {
    registry,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observeResponse: (request, reply, done) => {
      // The template, not the path: paths come from outside and would make a series each.
      const route = request.routeOptions.url ?? 'unknown';
      durations.observe(
        { method: request.method, route, status: reply.statusCode },
        reply.elapsedTime / 1000,
      );
      done();
    },
  };
};
