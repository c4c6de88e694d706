import type { RateLimitBucket } from '@hearth/contracts';
import { ReplyError } from '@hearth/nest-kit';
import type { FastifyReply } from 'fastify';

import type { RateLimiter } from '../application/rate-limiter.ts';
import { resetOf, retryAfterOf, type ResetFormat } from '../domain/rate-limit-headers.ts';
import type { RateStanding } from '../domain/rate-window.ts';

/** Holds calls to the limits, and says in the headers of each answer how they stand. */
export interface RateLimitCheck {
  /** Counts a call. `done` gets the answer to one that is too many; it is called at once where no limit binds. */
  take(bucket: RateLimitBucket, reply: FastifyReply, now: number, done: (error?: Error) => void): void;
  /** Sets the headers for a call that is not counted, or not yet. */
  show(bucket: RateLimitBucket, reply: FastifyReply, now: number): void;
}

export const rateLimitCheck = (limiter: RateLimiter, format: ResetFormat): RateLimitCheck => {
  const setHeaders = (reply: FastifyReply, standing: RateStanding, now: number): void => {
    void reply
      .header('x-ratelimit-limit', standing.limit)
      .header('x-ratelimit-remaining', standing.remaining)
      .header('x-ratelimit-reset', resetOf(standing, format, now));
  };
  /** All that clients of the hosted service look for on a 429, whichever contract they know it by (user-data API §3). */
  const tooMany = (standing: RateStanding, now: number): ReplyError => {
    const seconds = String(retryAfterOf(standing, now));
    return new ReplyError({
      status: 429,
      body: { message: 'Rate limited' },
      headers: { 'x-ratelimit-retry-after': seconds, 'retry-after': seconds },
    });
  };
  return {
    take(bucket, reply, now, done) {
      const settle = (standing: RateStanding): void => {
        setHeaders(reply, standing, now);
        if (standing.allowed) done();
        else done(tooMany(standing, now));
      };
      const standing = limiter.take(bucket, now);
      if (standing instanceof Promise) standing.then(settle, done);
      else settle(standing);
    },
    show: (bucket, reply, now) => setHeaders(reply, limiter.standing(bucket, now), now),
  };
};
