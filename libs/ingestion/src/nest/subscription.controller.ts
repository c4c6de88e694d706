import type { Json } from '@hearth/contracts';
import { ServeEndpoint } from '@hearth/rest-api';
import { Body, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Ingestion } from '../application/ingestion.ts';
import type { LiveRules } from '../application/live-rules.ts';
import { isFatal, type FatalError, type TrackRules } from '../domain/parsing/index.ts';
import { parseStatusV1, parseStatusV2, type StatusChange } from '../domain/subscriptions/status-request.ts';
import { answer } from './answer.ts';
import { setStatusEndpoint, setStatusV2Endpoint } from './subscription.endpoints.ts';
import { INGESTION, REQUEST_CONTEXT, RULES, type ContextOf } from './tokens.ts';

type Parse = (body: Json, rules: TrackRules) => readonly StatusChange[] | FatalError;

/** `/subscription/status/set` in both versions (user-data API §17). */
@Controller()
export class SubscriptionController {
  constructor(
    @Inject(INGESTION) private readonly ingestion: Ingestion,
    @Inject(RULES) private readonly rules: LiveRules,
    @Inject(REQUEST_CONTEXT) private readonly contextOf: ContextOf,
  ) {}

  @ServeEndpoint(setStatusEndpoint)
  setStatus(@Body() body: Json, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#set(parseStatusV1, body, request, reply);
  }

  @ServeEndpoint(setStatusV2Endpoint)
  setStatusV2(@Body() body: Json, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#set(parseStatusV2, body, request, reply);
  }

  async #set(parse: Parse, body: Json, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const changes = parse(body, this.rules.current);
    const context = this.contextOf(request);
    answer(reply, isFatal(changes) ? changes : await this.ingestion.setSubscriptions(changes, context));
  }
}
