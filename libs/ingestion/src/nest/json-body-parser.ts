import { ReplyError } from '@hearth/nest-kit';
import type { FastifyInstance } from 'fastify';

import { isFatal, parseJsonBody } from '../domain/parsing/index.ts';
import { noteBody } from './keyed-request.ts';

/** Takes `application/json` bodies as the user-data API defines them: no other type, no key twice in one object. */
export const addTrackBodyParser = (instance: FastifyInstance): void => {
  instance.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    const parsed = parseJsonBody(text as string);
    if (!isFatal(parsed)) {
      noteBody(request, text as string);
      return done(null, parsed.body);
    }
    const { status, ...body } = parsed;
    done(new ReplyError({ status, body: body as { message: string } }));
  });
};
