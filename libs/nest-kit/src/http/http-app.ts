import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Health } from '../health/health.ts';
import { addHealthRoutes } from '../health/health-routes.ts';
import type { Metrics } from '../health/metrics.ts';
import type { Logger } from '../logging/logger.ts';
import { nestLogger } from '../logging/nest-logger.ts';
import { answerUnknownPath, answerUnreadablePath, refuseWhileClosing } from './before-routes.ts';
import { correlationIdOf } from './correlation-id.ts';
import { ErrorFilter } from './error-filter.ts';
import type { ErrorReplies } from './error-reply.ts';
import { addJsonParser } from './json-body.ts';

/** How long a request may take to arrive, in milliseconds: 4 MB at 35 KB a second. */
export const REQUEST_TIMEOUT_MS = 120_000;

/** The largest body the public API takes: 4 MB (user-data API §1). */
export const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

export interface HttpAppOptions {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Addresses and subnets of proxies whose `X-Forwarded-For` is believed: `request.ip` is then the client's behind them. */
  readonly trustProxy?: readonly string[];
  /** Answers to a context's own errors, by code. */
  readonly errors?: ErrorReplies;
  /**
   * Adds hooks, content-type parsers and routes of the caller's own before those of controllers exist. `onRequest` hooks run
   * before a body is looked at, which is where a key is checked; paths that lead nowhere are answered before them. Where a
   * parser for `application/json` is added here, the usual one is left out.
   */
  readonly fastify?: (instance: FastifyInstance) => void;
}

/** Nest's own parameter: a module class, or a dynamic module as `SomeModule.with(ports)` makes them. */
type RootModule = Parameters<typeof NestFactory.create>[0];

/**
 * An HTTP application of Nest on Fastify as all services have it: correlation ids (`request.id`, echoed in
 * `X-Correlation-Id`), JSON bodies up to 4 MB, errors in the public API's envelope, health checks and metrics.
 */
export const createHttpApp = async (
  module: RootModule,
  { logger, health, metrics, trustProxy = [], errors = {}, fastify }: HttpAppOptions,
): Promise<NestFastifyApplication> => {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: correlationIdOf,
    requestIdHeader: false,
    ...(trustProxy.length > 0 && { trustProxy: [...trustProxy] }),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: answerUnreadablePath,
    // Nest's Express-style middleware costs every request a walk over a list that we keep empty.
    skipMiddie: true,
    multipart: false,
  });
  const instance = adapter.getInstance() as unknown as FastifyInstance;
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.header('X-Correlation-Id', request.id);
    if (request.is404) answerUnknownPath(request, reply);
    else done();
  });
  refuseWhileClosing(instance);
  instance.addHook('onResponse', metrics.observeResponse);
  instance.removeAllContentTypeParsers();
  fastify?.(instance);
  if (!instance.hasContentTypeParser('application/json')) addJsonParser(instance);
  addHealthRoutes(instance, { health, metrics });

  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: nestLogger(logger),
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: false,
  });
  app.useGlobalFilters(new ErrorFilter(logger, errors));
  await app.init();
  await instance.ready();
  return app;
};
