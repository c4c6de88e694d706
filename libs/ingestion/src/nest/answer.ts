import { POSITION_HEADER } from '@hearth/rest-api';
import type { FastifyReply } from 'fastify';

import type { Accepted } from '../application/track.ts';
import { isFatal, type FatalError } from '../domain/parsing/index.ts';

/** Answers an accepted request with how far the log reaches with it, or a refused one with its reason. */
export const answer = (reply: FastifyReply, result: Accepted<object> | FatalError, status = 201): void => {
  if (isFatal(result)) {
    const { status: refused, ...body } = result;
    void reply.code(refused).send(body);
    return;
  }
  if (result.position !== undefined) void reply.header(POSITION_HEADER, result.position);
  void reply.code(status).send(result.reply);
};
