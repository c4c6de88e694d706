import type { FastifyRequest } from 'fastify';

const NAME = 'api_key';

const taken = (from: unknown): string | undefined => {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, NAME)) return undefined;
  const fields = from as Record<string, unknown>;
  const key = fields[NAME];
  delete fields[NAME];
  return typeof key === 'string' ? key : undefined;
};

/**
 * Takes the key that old clients send as `api_key` out of the query and, once there is one, out of the body, so that nothing
 * behind sees or stores it (user-data API §2.1). Answers it in the form of the header.
 */
export const takeLegacyKey = ({ query, body }: FastifyRequest): string | undefined => {
  const [inQuery, inBody] = [taken(query), taken(body)];
  const key = inQuery ?? inBody;
  return key === undefined ? undefined : `Bearer ${key}`;
};
