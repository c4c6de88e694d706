import type { FastifyRequest } from 'fastify';

/** The key that a request was sent with, if it was: the same one each time that it is sent. */
export const idempotencyKeyOf = ({ headers }: FastifyRequest): string | undefined => {
  const key = headers['idempotency-key'];
  return typeof key === 'string' && key !== '' ? key : undefined;
};
