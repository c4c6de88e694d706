import type { Json } from '@hearth/contracts';
import { ReplyError } from '@hearth/nest-kit';
import { endpointOf, POSITION_HEADER } from '@hearth/rest-api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Attempt, KeyedRequests } from '../application/idempotency/keyed-requests.ts';
import type { RequestContext } from '../application/ports.ts';
import { readIdempotencyKey } from '../domain/idempotency/idempotency-key.ts';
import { keyHeaderOf, noteAttempt, takeAttempt, takeBody } from './keyed-request.ts';

/** Tells a repeated answer from the first one. */
const REPLAYED = 'Idempotent-Replayed';

const badRequest = (message: string): ReplyError => new ReplyError({ status: 400, body: { message } });

/**
 * Carries out once what is sent with an `Idempotency-Key`, at every endpoint that writes (design: promises): answers are
 * kept right before they go out, and given again to whoever repeats the request. What never reached its handler (a bad
 * key, a rate limit, a body that is no JSON) is no request yet and is not kept.
 */
export const addIdempotencyHook = (
  instance: FastifyInstance,
  requests: KeyedRequests,
  contextOf: (request: FastifyRequest) => RequestContext,
): void => {
  const begin = async (
    request: FastifyRequest,
    reply: FastifyReply,
    header: string | readonly string[],
  ): Promise<FastifyReply | undefined> => {
    const { method, path, answerIsSecret } = endpointOf(request.routeOptions.config)!;
    const read = readIdempotencyKey(header);
    if ('broken' in read) throw badRequest(read.broken);
    if (answerIsSecret)
      throw badRequest('The Idempotency-Key header cannot be used here: the answer is not to be kept');
    const call = { endpoint: `${method} ${path}`, key: read.key, body: takeBody(request) };
    const begun = await requests.begin(call, contextOf(request));
    if ('end' in begun) {
      noteAttempt(request, begun);
      return undefined;
    }
    const { status, body, position } = begun.answered;
    if (position !== undefined) void reply.header(POSITION_HEADER, position);
    return reply
      .header(REPLAYED, 'true')
      .code(status)
      .send(body ?? { message: 'success' });
  };

  // Callbacks, for the many that have no key; a promise is waited for instead of the callback.
  instance.addHook('preHandler', (request, reply, done) => {
    const header = keyHeaderOf(request);
    if (header === undefined || endpointOf(request.routeOptions.config)?.kind !== 'write') return done();
    return begin(request, reply, header);
  });

  instance.addHook('onSend', (request, reply, payload, done) => {
    const attempt = takeAttempt(request);
    if (!attempt) return done();
    return keep(attempt, reply, payload);
  });
};

const keep = async (attempt: Attempt, reply: FastifyReply, payload: unknown): Promise<unknown> => {
  const position = reply.getHeader(POSITION_HEADER);
  await attempt.end({
    status: reply.statusCode,
    body: bodyOf(payload),
    ...(typeof position === 'string' && { position }),
  });
  return payload;
};

const bodyOf = (payload: unknown): Json => {
  if (typeof payload !== 'string') return { message: 'success' };
  try {
    return JSON.parse(payload) as Json;
  } catch {
    return payload;
  }
};
