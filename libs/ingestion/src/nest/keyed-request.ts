import type { FastifyRequest } from 'fastify';

import type { Attempt } from '../application/idempotency/keyed-requests.ts';
import type { KeyedRequest } from '../application/ports.ts';

const HEADER = 'idempotency-key';

/** Bodies of requests with a key, from when they were parsed until the request is begun. */
const bodies = new WeakMap<FastifyRequest, string>();
/** What is being worked on, until it is answered. */
const attempts = new WeakMap<FastifyRequest, Attempt>();

/** The header, as far as a request has it: all that one without pays for this. */
export const keyHeaderOf = (request: FastifyRequest): string | readonly string[] | undefined =>
  request.headers[HEADER];

/** Keeps the text of a body for comparison where the request carries a key. */
export const noteBody = (request: FastifyRequest, text: string): void => {
  if (keyHeaderOf(request) !== undefined) bodies.set(request, text);
};

export const takeBody = (request: FastifyRequest): string => {
  const text = bodies.get(request) ?? '';
  bodies.delete(request);
  return text;
};

export const noteAttempt = (request: FastifyRequest, attempt: Attempt): void => {
  attempts.set(request, attempt);
};

/** The attempt that a request is, once: whoever takes it ends it. */
export const takeAttempt = (request: FastifyRequest): Attempt | undefined => {
  if (keyHeaderOf(request) === undefined) return undefined;
  const attempt = attempts.get(request);
  attempts.delete(request);
  return attempt;
};

/** What a request with an idempotency key hands to the writes it leads to; undefined for one without. */
export const keyedRequestOf = (request: FastifyRequest): KeyedRequest | undefined =>
  keyHeaderOf(request) === undefined ? undefined : attempts.get(request)?.request;
