import { MessagingError } from '@hearth/messaging';
import { ReplyError } from '@hearth/nest-kit';
import type { ProfileQueries } from '@hearth/profiles-client';
import { ProjectionError } from '../../application/errors.ts';

/** Answers of owners that mean that the request itself is wrong. */
const refusals: ReadonlySet<string> = new Set([
  'malformed_position',
  'position_of_another_store',
  'position_beyond_head',
]);
const noAnswer: ReadonlySet<string> = new Set(['timeout', 'cancelled', 'connection_lost']);

const later = (status: 503 | 504, message: string, cause: unknown): ReplyError =>
  new ReplyError({ status, body: { message }, headers: { 'Retry-After': '1' } }, { cause });

/** What a caller is told of a read that failed. Nothing was changed, so every failure that may pass can be tried again. */
export const readingError = (error: unknown): unknown => {
  if (error instanceof ProjectionError && error.code === 'not_reached')
    return later(503, error.message, error);
  if (!(error instanceof MessagingError)) return error;
  const { code, message } = error;
  if (refusals.has(code)) return new ReplyError({ status: 400, body: { message } }, { cause: error });
  // The position is whatever the caller sent, and says nothing of the inside.
  if (code === 'not_reached') return later(503, message, error);
  if (code === 'reply_too_large')
    return new ReplyError(
      {
        status: 500,
        body: { message: 'A profile is larger than a message may be: name fewer fields_to_export' },
      },
      { cause: error },
    );
  if (noAnswer.has(code)) return later(504, 'The profiles gave no answer in time; ask again', error);
  if (code === 'catching_up')
    return later(503, 'Service Unavailable: profiles are still being folded from the log', error);
  return later(503, 'Service Unavailable', error);
};

/** What comes of a promise, failing with the replies that callers get. */
export const withReadingError = <Value>(promise: Promise<Value>): Promise<Value> =>
  promise.catch((error: unknown) => {
    throw readingError(error);
  });

/** The same queries, failing with the replies that callers get. */
export const withReadingErrors = (queries: ProfileQueries): ProfileQueries => ({
  askAll: (...call) => withReadingError(queries.askAll(...call)),
  askOwnerOf: (...call) => withReadingError(queries.askOwnerOf(...call)),
});
