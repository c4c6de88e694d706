import type { JsonObject } from '@hearth/contracts';
import { readQuery, ServeEndpoint } from '@hearth/rest-api';
import { Controller, HttpCode, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Reading } from '../../application/reading/reading.ts';
import { parseSubscribers } from '../../domain/export/subscriptions-request.ts';
import { READING } from '../tokens.ts';
import { readOptionsOf } from './read-options.ts';
import { accepted } from './refusals.ts';
import {
  SubscriptionStatusQuery,
  subscriptionStatusEndpoint,
  UserSubscriptionsQuery,
  userSubscriptionsEndpoint,
} from './subscriptions.endpoints.ts';

/** `/subscription/status/get` and `/subscription/user/status`. */
@Controller()
export class SubscriptionsController {
  constructor(
    @Inject(READING) private readonly reading: Pick<Reading, 'subscriptionStatus' | 'userSubscriptions'>,
  ) {}

  @ServeEndpoint(subscriptionStatusEndpoint)
  @HttpCode(200)
  async status(@Req() request: FastifyRequest) {
    const { subscription_group_id } = readQuery(SubscriptionStatusQuery, request.query);
    const asked = accepted(parseSubscribers(request.query as JsonObject));
    const read = readOptionsOf(request);
    return {
      message: 'success',
      ...accepted(await this.reading.subscriptionStatus(subscription_group_id, asked, read)),
    };
  }

  @ServeEndpoint(userSubscriptionsEndpoint)
  @HttpCode(200)
  async user(@Req() request: FastifyRequest) {
    const page = readQuery(UserSubscriptionsQuery, request.query);
    const asked = accepted(parseSubscribers(request.query as JsonObject));
    return {
      message: 'success',
      ...(await this.reading.userSubscriptions(asked, page, readOptionsOf(request))),
    };
  }
}
