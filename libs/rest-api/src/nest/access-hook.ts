import { ReplyError } from '@hearth/nest-kit';
import type {
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
import { takeLegacyKey } from './legacy-api-key.ts';
import { endpointOf } from './serve-endpoint.ts';

export interface AccessHookPorts {
  readonly keys: Pick<ApiKeyRegistry, 'callerOf'>;
  readonly clock: Clock;
  /** Whether a call without the header may carry its key as `api_key` in the query or the body. */
  readonly allowLegacyApiKey: boolean;
}

/** Lets a call in, or ends it with an error. */
type Check = (
  request: FastifyRequest,
  reply: FastifyReply,
  authorization: string | undefined,
  done: (error?: Error) => void,
) => void;

const unsupportedMediaType = { status: 415, body: { message: 'Unsupported Media Type' } } as const;

/**
 * Checks calls of endpoints before a body is looked at, in the order of user-data API §2.2: key, address, permission, content
 * type. So a bad key with a broken body is a 401, and a missing body a 415. Routes that are no endpoint are open.
 */
export const addAccessHook = (instance: FastifyInstance, ports: AccessHookPorts): void => {
  instance.addHook('onRoute', (route) => {
    const endpoint = endpointOf(route.config);
    if (!endpoint) return;
    const check = checkOf(endpoint, ports);
    const early = ports.allowLegacyApiKey ? beforeBodyOrLater(check) : beforeBody(check);
    route.onRequest = [...hooksOf(route.onRequest), early];
    if (ports.allowLegacyApiKey) route.preValidation = [...hooksOf(route.preValidation), afterBody(check)];
  });
};

const hooksOf = <Hook>(hooks: Hook | Hook[] | undefined): Hook[] =>
  hooks === undefined ? [] : Array.isArray(hooks) ? hooks : [hooks];

const checkOf = ({ permission, method }: Endpoint, { keys, clock }: AccessHookPorts): Check => {
  const takesBody = method === 'POST';
  return (request, _reply, authorization, done) => {
    const caller = keys.callerOf(authorization);
    const refused = refusalOf(caller, permission, request);
    if (refused) return done(new ReplyError({ status: refused.status, body: { message: refused.message } }));
    if (caller) caller.seenAt = clock.now();
    if (takesBody && request.headers['content-type'] === undefined)
      return done(new ReplyError(unsupportedMediaType));
    done();
  };
};

const beforeBody =
  (check: Check): onRequestHookHandler =>
  (request, reply, done) =>
    check(request, reply, request.headers.authorization, done);

/** The header wins where both are sent. Without it, a call can only be refused once its body is read. */
const beforeBodyOrLater =
  (check: Check): onRequestHookHandler =>
  (request, reply, done) =>
    request.headers.authorization === undefined
      ? done()
      : check(request, reply, request.headers.authorization, done);

const afterBody =
  (check: Check): preValidationHookHandler =>
  (request, reply, done) => {
    const legacy = takeLegacyKey(request);
    if (request.headers.authorization === undefined) check(request, reply, legacy, done);
    else done();
  };
