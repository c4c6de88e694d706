import { isJsonObject } from '@hearth/contracts';
import { parsePosition } from '@hearth/eventing';
import { ReplyError } from '@hearth/nest-kit';
import type { FastifyRequest } from 'fastify';
import type { ReadOptions } from '../../application/reading/ports.ts';

/**
 * What a read waits for: `min_position` of the body or the query string, or the header `X-Hearth-Min-Position`, which takes
 * the `X-Hearth-Position` of a write as it is. Throws the 400 for one that is no position; whether it is one of this log is
 * for the owners to say.
 */
export const readOptionsOf = (request: FastifyRequest): ReadOptions => {
  const { body, query, headers } = request;
  const sent =
    [body, query].map((part) => (isJsonObject(part) ? part['min_position'] : undefined)).find(isSet) ??
    headers['x-hearth-min-position'];
  if (!isSet(sent)) return { minPosition: undefined };
  if (typeof sent !== 'string')
    throw new ReplyError({ status: 400, body: { message: "'min_position' is not valid" } });
  return { minPosition: parsePosition(sent).position };
};

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
