import type { Json } from '@hearth/contracts';
import { ServeEndpoint } from '@hearth/rest-api';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Ingestion } from '../application/ingestion.ts';
import { answer } from './answer.ts';
import { INGESTION, REQUEST_CONTEXT, type ContextOf } from './tokens.ts';
import { trackBulkEndpoint } from './track-bulk.endpoint.ts';
import { trackEndpoint, trackSyncEndpoint } from './track.endpoints.ts';

/**
 * `/users/track`, `/users/track/bulk` and `/users/track/sync` (user-data API §5, §6). Bodies are taken from the request: a
 * parameter for them would cost each call two more promises of Nest's.
 */
@Controller()
export class TrackController {
  constructor(
    @Inject(INGESTION) private readonly ingestion: Ingestion,
    @Inject(REQUEST_CONTEXT) private readonly contextOf: ContextOf,
  ) {}

  @ServeEndpoint(trackEndpoint)
  async track(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    answer(reply, await this.ingestion.track(request.body as Json, this.contextOf(request)));
  }

  @ServeEndpoint(trackBulkEndpoint)
  async trackBulk(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    answer(reply, await this.ingestion.trackBulk(request.body as Json, this.contextOf(request)));
  }

  @ServeEndpoint(trackSyncEndpoint)
  async trackSync(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    answer(reply, await this.ingestion.trackSync(request.body as Json, this.contextOf(request)));
  }
}
