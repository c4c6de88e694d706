import { addJsonParser, invalidJson } from '@hearth/nest-kit';
import type { FastifyInstance } from 'fastify';

import { parseJsonBody } from '../domain/parsing/index.ts';
import { noteBody } from './keyed-request.ts';

/** Takes `application/json` bodies as the user-data API defines them: no other type, no key twice in one object. */
export const addStrictJsonParser = (instance: FastifyInstance): void =>
  addJsonParser(instance, (text, request) => {
    const parsed = parseJsonBody(text);
    if (parsed === undefined) throw invalidJson();
    noteBody(request, text);
    return parsed.body;
  });
