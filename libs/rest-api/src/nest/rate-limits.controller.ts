import { rateLimitsTakeSubject, type TakeRateLimit } from '@hearth/contracts';
import { Controller, type Type } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

import type { Clock } from '../application/clock.ts';
import { rateCounters } from '../application/shared-rate-limits.ts';

/** Answers `ratelimits.take` under the name of an owner of profiles, for the calls of all instances. */
export const rateLimitsController = (owner: string, clock: Clock): Type => {
  const counters = rateCounters(clock);
  @Controller()
  class RateLimitsController {
    @MessagePattern(rateLimitsTakeSubject(owner))
    take(@Payload() requests: readonly TakeRateLimit[]) {
      return counters.take(requests);
    }
  }
  return RateLimitsController;
};
