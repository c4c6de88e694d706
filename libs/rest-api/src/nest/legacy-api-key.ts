import type { FastifyRequest } from 'fastify';

const NAME = 'api_key';

const taken = (from: unknown): string | undefined => {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, NAME)) return undefined;
  const fields = from as Record<string, unknown>;
  const key = fields[NAME];
  delete fields[NAME];
  return typeof key === 'string' ? key : undefined;
};

const asHeader = (key: string | undefined): string | undefined =>
  key === undefined ? undefined : `Bearer ${key}`;

/**
 * Takes the key that old clients send as `api_key` out of the query, so that nothing behind sees or stores it (user-data API
 * §2.1). Answers it in the form of the header.
 */
export const takeKeyFromQuery = ({ query }: FastifyRequest): string | undefined => asHeader(taken(query));

/** Does the same to the body, once there is one. */
export const takeKeyFromBody = ({ body }: FastifyRequest): string | undefined => asHeader(taken(body));
