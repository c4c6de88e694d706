import type { ErrorReplies } from '@hearth/nest-kit';

import type { AnswerLost, NotStored } from '../application/errors.ts';

/** What callers are told of ingestion's own failures: try again only where nothing is stored (design: promises). */
export const ingestionErrors: ErrorReplies = {
  not_stored: (error) => ({
    status: 503,
    body: { message: `Nothing was stored, send it again: ${error.message}` },
    headers: { 'Retry-After': String((error as NotStored).retryAfterSeconds) },
  }),
  answer_lost: (error) => {
    const { position } = error as AnswerLost;
    return {
      status: 504,
      body: { message: `${error.message}. Do not send it again.` },
      ...(position !== undefined && { headers: { 'X-Hearth-Position': position } }),
    };
  },
};
