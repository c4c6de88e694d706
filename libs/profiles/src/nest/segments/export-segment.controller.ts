import type { Json } from '@hearth/contracts';
import { ServeEndpoint } from '@hearth/rest-api';
import { Body, Controller, HttpCode, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { SegmentExports } from '../../application/exporting/export-segments.ts';
import type { SegmentRegistry } from '../../application/segments/segment-registry.ts';
import { parseExportSegment } from '../../domain/export/export-segment-request.ts';
import { readOptionsOf } from '../reading/read-options.ts';
import { accepted } from '../reading/refusals.ts';
import { SEGMENT_EXPORTS, SEGMENTS } from '../tokens.ts';
import { exportSegmentEndpoint } from './export-segment.endpoints.ts';
import { reached } from './segments.controller.ts';

/** `/users/export/segment`: answers at once, and goes on writing. */
@Controller()
export class ExportSegmentController {
  constructor(
    @Inject(SEGMENT_EXPORTS) private readonly exports: Pick<SegmentExports, 'start'>,
    @Inject(SEGMENTS) private readonly segments: Pick<SegmentRegistry, 'reach'>,
  ) {}

  @ServeEndpoint(exportSegmentEndpoint)
  @HttpCode(201)
  async exportSegment(@Body() body: Json, @Req() request: FastifyRequest) {
    const asked = accepted(parseExportSegment(body));
    await reached(this.segments, request);
    return { message: 'success', ...accepted(await this.exports.start(asked, readOptionsOf(request))) };
  }
}
