import type { Json } from '@hearth/contracts';
import { ServeEndpoint } from '@hearth/rest-api';
import { Body, Controller, HttpCode, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Reading } from '../../application/reading/reading.ts';
import { parseExportIds } from '../../domain/export/export-ids-request.ts';
import { READING } from '../tokens.ts';
import { exportIdsEndpoint } from './export-ids.endpoints.ts';
import { readOptionsOf } from './read-options.ts';
import { accepted } from './refusals.ts';

/** `/users/export/ids`: answered with 201, as recordings of the public API are (user-data API §13.1). */
@Controller()
export class ExportIdsController {
  constructor(@Inject(READING) private readonly reading: Pick<Reading, 'exportIds'>) {}

  @ServeEndpoint(exportIdsEndpoint)
  @HttpCode(201)
  async exportIds(@Body() body: Json, @Req() request: FastifyRequest) {
    const asked = accepted(parseExportIds(body));
    return { message: 'success', ...accepted(await this.reading.exportIds(asked, readOptionsOf(request))) };
  }
}
