import { drainBody, ReplyError } from '@hearth/nest-kit';
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
  preValidationHookHandler,
} from 'fastify';

import type { ApiKeyRegistry } from '../application/api-key-registry.ts';
import type { Clock } from '../application/clock.ts';
import { refusalOf } from '../domain/access.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { bucketByBody, bucketOf, isCountedByBody } from '../domain/rate-limits.ts';
import { takeKeyFromBody, takeKeyFromQuery } from './legacy-api-key.ts';
import type { RateLimitCheck } from './rate-limit-check.ts';
import { endpointOf } from './serve-endpoint.ts';

export interface AccessHookPorts {
  readonly keys: Pick<ApiKeyRegistry, 'callerOf'>;
  readonly limits: RateLimitCheck;
  readonly clock: Clock;
  /** Whether a call without the header may carry its key as `api_key` in the query or the body. */
  readonly allowLegacyApiKey: boolean;
}

/**
 * Checks calls of endpoints before a body is looked at, in the order of user-data API §2.2: key, address, permission, rate
 * limit, content type. So a bad key with a broken body is a 401, and a missing body a 415. Routes that are no endpoint are
 * open. Added to routes one by one, so that what an endpoint needs is known before its calls come.
 */
export const addAccessHook = (instance: FastifyInstance, ports: AccessHookPorts): void => {
  instance.addHook('onRoute', (route) => {
    const endpoint = endpointOf(route.config);
    if (!endpoint) return;
    route.onRequest = [...hooksOf(route.onRequest), beforeBody(endpoint, ports)];
    if (ports.allowLegacyApiKey || isCountedByBody(endpoint.permission))
      route.preValidation = [afterBody(endpoint, ports), ...hooksOf(route.preValidation)];
    if (ports.allowLegacyApiKey) route.errorHandler = withoutKey(endpoint, ports);
  });
};

const hooksOf = <Hook>(hooks: Hook | Hook[] | undefined): Hook[] =>
  hooks === undefined ? [] : Array.isArray(hooks) ? hooks : [hooks];

/** Undefined where the key lets the call in. */
const refused = (
  { keys }: AccessHookPorts,
  { permission }: Endpoint,
  request: FastifyRequest,
  authorization: string | undefined,
  now: number,
): ReplyError | undefined => {
  const caller = keys.callerOf(authorization);
  const refusal = refusalOf(caller, permission, request);
  if (refusal) return new ReplyError({ status: refusal.status, body: { message: refusal.message } });
  if (caller) caller.seenAt = now;
  return undefined;
};

const unsupportedMediaType = { status: 415, body: { message: 'Unsupported Media Type' } } as const;

/** Calls whose key can only be in their body, until that is read: it is where old clients put it. */
const keyInBody = new WeakSet<FastifyRequest>();

/** A body that could not be read held no key: such a call learns nothing about the body, as any other without a key. */
const withoutKey =
  (endpoint: Endpoint, ports: AccessHookPorts) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): never => {
    if (!keyInBody.delete(request)) throw error;
    if (error.statusCode === 413) {
      // Fastify would have the connection closed at once.
      void reply.removeHeader('connection');
      drainBody(request.raw);
    }
    throw refused(ports, endpoint, request, undefined, ports.clock.now()) ?? error;
  };

const beforeBody = (endpoint: Endpoint, ports: AccessHookPorts): onRequestHookHandler => {
  const { limits, clock, allowLegacyApiKey } = ports;
  const bucket = bucketOf(endpoint.permission);
  const byBody = isCountedByBody(endpoint.permission);
  const takesBody = endpoint.method === 'POST';
  return (request, reply, done) => {
    const now = clock.now();
    const inQuery = allowLegacyApiKey ? takeKeyFromQuery(request) : undefined;
    const authorization = request.headers.authorization ?? inQuery;
    const counted = (error?: Error): void => {
      if (error === undefined && takesBody && request.headers['content-type'] === undefined)
        done(new ReplyError(unsupportedMediaType));
      else done(error);
    };
    const isLater = allowLegacyApiKey && authorization === undefined;
    if (isLater) keyInBody.add(request);
    const refusal = isLater ? undefined : refused(ports, endpoint, request, authorization, now);
    if (refusal === undefined && !isLater && !byBody) return limits.take(bucket, reply, now, counted);
    limits.show(bucket, reply, now);
    counted(refusal);
  };
};

/** What is left to be checked where it takes the body. The header wins where both it and a key in the body are sent. */
const afterBody = (endpoint: Endpoint, ports: AccessHookPorts): preValidationHookHandler => {
  const { limits, clock, allowLegacyApiKey } = ports;
  const byBody = isCountedByBody(endpoint.permission);
  return (request, reply, done) => {
    const now = clock.now();
    const inBody = allowLegacyApiKey ? takeKeyFromBody(request) : undefined;
    const isLater = allowLegacyApiKey && keyInBody.delete(request);
    const refusal = isLater ? refused(ports, endpoint, request, inBody, now) : undefined;
    if (refusal) return done(refusal);
    if (!isLater && !byBody) return done();
    limits.take(byBody ? bucketByBody(request.body) : bucketOf(endpoint.permission), reply, now, done);
  };
};
