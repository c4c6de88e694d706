import type { Json } from '@hearth/contracts';
import { ServeEndpoint } from '@hearth/rest-api';
import { Body, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Ingestion } from '../application/ingestion.ts';
import { answer } from './answer.ts';
import * as endpoints from './identity.endpoints.ts';
import { INGESTION, REQUEST_CONTEXT, type ContextOf } from './tokens.ts';

type Reply = FastifyReply;
type Request = FastifyRequest;

/** Aliases, external ids, merges and deletions (user-data API §12). */
@Controller()
export class IdentityController {
  constructor(
    @Inject(INGESTION) private readonly ingestion: Pick<Ingestion, 'identity'>,
    @Inject(REQUEST_CONTEXT) private readonly contextOf: ContextOf,
  ) {}

  @ServeEndpoint(endpoints.newAliasesEndpoint)
  async newAliases(@Body() body: Json, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    answer(reply, await this.ingestion.identity.newAliases(body, this.contextOf(request)));
  }

  @ServeEndpoint(endpoints.updateAliasesEndpoint)
  async updateAliases(@Body() body: Json, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    answer(reply, await this.ingestion.identity.updateAliases(body, this.contextOf(request)));
  }

  @ServeEndpoint(endpoints.identifyEndpoint)
  async identify(@Body() body: Json, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    answer(reply, await this.ingestion.identity.identify(body, this.contextOf(request)));
  }

  @ServeEndpoint(endpoints.mergeEndpoint)
  async merge(@Body() body: Json, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    answer(reply, await this.ingestion.identity.merge(body, this.contextOf(request)), 202);
  }

  @ServeEndpoint(endpoints.deleteUsersEndpoint)
  async deleteUsers(@Body() body: Json, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    answer(reply, await this.ingestion.identity.deleteUsers(body, this.contextOf(request)));
  }

  @ServeEndpoint(endpoints.renameExternalIdsEndpoint)
  async renameExternalIds(@Body() body: Json, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    answer(reply, await this.ingestion.identity.renameExternalIds(body, this.contextOf(request)));
  }

  @ServeEndpoint(endpoints.removeExternalIdsEndpoint)
  async removeExternalIds(@Body() body: Json, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    answer(reply, await this.ingestion.identity.removeExternalIds(body, this.contextOf(request)));
  }

  @ServeEndpoint(endpoints.unmergeEndpoint)
  async unmerge(@Body() body: Json, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    answer(reply, await this.ingestion.identity.unmerge(body, this.contextOf(request)));
  }
}
