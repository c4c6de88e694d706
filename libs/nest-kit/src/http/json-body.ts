import type { FastifyInstance } from 'fastify';
import { ReplyError } from './error-reply.ts';

const syntax = 'Error while parsing request body. Please check your syntax.';

/** The answer to a body that is no JSON: the text stands in both fields that clients read (user-data API §1). */
export const invalidJson = (cause?: unknown): ReplyError =>
  new ReplyError({ status: 400, body: { message: syntax, error: syntax } }, { cause });

/** Parses JSON text. Throws the public API's answer to one that is none. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidJson(error);
  }
};

/** Takes `application/json` bodies, and no others: those are a 415 of Fastify's. */
export const addJsonParser = (instance: FastifyInstance): void => {
  instance.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, parseJson(text as string));
    } catch (error) {
      done(error as Error);
    }
  });
};
