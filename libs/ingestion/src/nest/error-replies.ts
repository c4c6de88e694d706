import type { ErrorReplies } from '@hearth/nest-kit';
import { POSITION_HEADER } from '@hearth/rest-api';

import type { AnswerLost, NotStored } from '../application/errors.ts';
import type { StillRunning } from '../application/idempotency/errors.ts';

/** What callers are told of ingestion's own failures: try again only where nothing is stored (design: promises). */
export const ingestionErrors: ErrorReplies = {
  not_stored: (error) => ({
    status: 503,
    // Why is for the log: it can name files and hosts.
    body: { message: 'Service Unavailable: nothing was stored, send it again' },
    headers: { 'Retry-After': String((error as NotStored).retryAfterSeconds) },
  }),
  answer_lost: (error) => {
    const { position, objects } = error as AnswerLost;
    const advice = objects
      ? 'Send again what is listed as not stored and nothing else, or all of it with the Idempotency-Key it came with.'
      : 'Do not send it again, unless with the Idempotency-Key it came with.';
    return {
      status: 504,
      body: { message: `${error.message}. ${advice}`, ...(objects && { ...objects }) },
      ...(position !== undefined && { headers: { [POSITION_HEADER]: position } }),
    };
  },
  key_reused: ({ message }) => ({ status: 409, body: { message } }),
  request_erased: ({ message }) => ({ status: 410, body: { message } }),
  still_running: (error) => ({
    status: 503,
    body: { message: `Service Unavailable: ${error.message}` },
    headers: { 'Retry-After': String((error as StillRunning).retryAfterSeconds) },
  }),
};
