import { addJsonParser, ReplyError } from '@hearth/nest-kit';
import type { FastifyInstance } from 'fastify';

import { isFatal, parseJsonBody } from '../domain/parsing/index.ts';
import { noteBody } from './keyed-request.ts';

/** Takes `application/json` bodies as the user-data API defines them: no other type, no key twice in one object. */
export const addStrictJsonParser = (instance: FastifyInstance): void =>
  addJsonParser(instance, (text, request) => {
    const parsed = parseJsonBody(text);
    if (!isFatal(parsed)) {
      noteBody(request, text);
      return parsed.body;
    }
    const { status, ...body } = parsed;
    throw new ReplyError({ status, body: body as { message: string } });
  });
