import { fastifyHttpProxy } from '@fastify/http-proxy';
import {
  addHealthRoutes,
  answerUnreadablePath,
  correlationIdOf,
  refuseWhileClosing,
  REQUEST_TIMEOUT_MS,
  type Health,
  type Logger,
  type Metrics,
} from '@hearth/nest-kit';
import { serveOpenApi, type OpenApiDocument } from '@hearth/rest-api';
import { fastify, type FastifyInstance } from 'fastify';
import { addRefusableBodies } from './refusable-bodies.ts';
import type { Upstream } from './routes.ts';
import { upstreamErrorReply } from './upstream-error.ts';

export interface GatewayOptions {
  readonly upstreams: readonly Upstream[];
  /** Makes the description of the endpoints of all services, once somebody asks for it. */
  readonly document: () => OpenApiDocument;
  /** Addresses and subnets of proxies in front of the gateway, whose `X-Forwarded-For` is believed. */
  readonly trustProxy?: readonly string[];
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
}

/** Connections kept to each service. Requests wait for one rather than share it: no answer waits for a slower one. */
const CONNECTIONS = 256;

/** Longer than any service takes by its own deadlines, so that those speak first. */
const ANSWER_TIMEOUT_MS = 60_000;

const isReady = (url: string) => async (): Promise<boolean | string> => {
  const { status } = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
  return status === 200 || `answers ${status}`;
};

const addUpstream = async (instance: FastifyInstance, { service, url, paths }: Upstream, logger: Logger) =>
  instance.register(fastifyHttpProxy, {
    upstream: url,
    routes: [...paths],
    disableRequestLogging: true,
    undici: {
      connections: CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      headersTimeout: ANSWER_TIMEOUT_MS,
    },
    replyOptions: {
      // Whether a request may be sent twice is for its sender to say.
      retryDelay: () => null,
      rewriteRequestHeaders: ({ id, ip }, headers) => {
        headers['x-correlation-id'] = id;
        // One address, the client's as the gateway knows it: what a client says of itself does not get past here.
        headers['x-forwarded-for'] = ip;
        return headers;
      },
      onError: (reply, { error }) => {
        const { id, method } = reply.request;
        const { status, body, headers } = upstreamErrorReply(error, method);
        logger.warn(
          { correlationId: id, service, status, reason: error.message },
          'a service did not answer',
        );
        void reply
          .code(status)
          .headers(headers ?? {})
          .send(body);
      },
    },
  });

/**
 * The one door in front of the services: passes requests on by their path, bodies as streams and unread; and shows what they
 * offer (`/openapi.json`, `/docs`). It is ready when all services are. A path that no service has is a 404 of its own.
 */
export const createGateway = async ({
  upstreams,
  document,
  trustProxy = [],
  logger,
  health,
  metrics,
}: GatewayOptions): Promise<FastifyInstance> => {
  const instance = fastify({
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: correlationIdOf,
    requestIdHeader: false,
    ...(trustProxy.length > 0 && { trustProxy: [...trustProxy] }),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: answerUnreadablePath,
  });
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.header('X-Correlation-Id', request.id);
    done();
  });
  refuseWhileClosing(instance);
  addRefusableBodies(instance);
  instance.addHook('onResponse', metrics.observeResponse);
  instance.setNotFoundHandler((_request, reply) => void reply.code(404).send({ message: 'Not Found' }));
  instance.setErrorHandler((error: Error & { statusCode?: number }, { id }, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) logger.error({ correlationId: id, err: error }, 'request failed');
    void reply.code(status).send({ message: status >= 500 ? 'Internal Server Error' : error.message });
  });
  addHealthRoutes(instance, { health, metrics });
  serveOpenApi(instance, document);
  for (const upstream of upstreams) {
    health.check(upstream.service, isReady(upstream.url));
    await addUpstream(instance, upstream, logger);
  }
  await instance.ready();
  return instance;
};
