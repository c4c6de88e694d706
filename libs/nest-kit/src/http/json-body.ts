import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ReplyError } from './error-reply.ts';

const syntax = 'Error while parsing request body. Please check your syntax.';

/** The answer to a body that is no JSON: the text stands in both fields that clients read (user-data API §1). */
export const invalidJson = (cause?: unknown): ReplyError =>
  new ReplyError({ status: 400, body: { message: syntax, error: syntax } }, { cause });

/** The answer to a body that is compressed, or encoded in another way. */
const encoded = (encoding: string): ReplyError =>
  new ReplyError({
    status: 415,
    body: {
      message: `Unsupported Media Type: a body is taken as it is, and not with Content-Encoding ${JSON.stringify(encoding.slice(0, 64))}`,
    },
  });

/** Parses JSON text. Throws the public API's answer to one that is none. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidJson(error);
  }
};

/**
 * Takes `application/json` bodies, and no others: those are a 415 of Fastify's. Bytes that are not UTF-8 are refused as broken
 * JSON, since replacing them would make one of two different ids. A byte order mark is kept, and so is no JSON either.
 *
 * @param parse makes the body of the text; throws a `ReplyError` where it refuses it.
 */
export const addJsonParser = (
  instance: FastifyInstance,
  parse: (text: string, request: FastifyRequest) => unknown = parseJson,
): void => {
  instance.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    let body: unknown;
    try {
      const encoding = request.headers['content-encoding']?.trim().toLowerCase();
      if (encoding && encoding !== 'identity') throw encoded(encoding);
      if (!isUtf8(bytes as Buffer)) throw invalidJson();
      body = parse((bytes as Buffer).toString('utf8'), request);
    } catch (error) {
      return done(error as Error);
    }
    done(null, body);
  });
};
