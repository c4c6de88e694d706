import type { Json } from '@hearth/contracts';
import { ReplyError } from '@hearth/nest-kit';
import { POSITION_HEADER, ServeEndpoint } from '@hearth/rest-api';
import { Body, Controller, HttpCode, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SegmentExports } from '../../application/exporting/export-segments.ts';
import type { SegmentRegistry } from '../../application/segments/segment-registry.ts';
import { parseExportSegment } from '../../domain/export/export-segment-request.ts';
import { readOptionsOf } from '../reading/read-options.ts';
import { accepted } from '../reading/refusals.ts';
import { SEGMENT_EXPORTS, SEGMENTS } from '../tokens.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { exportSegmentEndpoint } from './export-segment.endpoints.ts';
import { reached } from './segments.controller.ts';

const OTHER_REQUEST =
  'This Idempotency-Key was used before with another body. A request that differs needs a key of its own.';

/** `/users/export/segment`: answers at once, and goes on writing. */
@Controller()
export class ExportSegmentController {
  constructor(
    @Inject(SEGMENT_EXPORTS) private readonly exports: Pick<SegmentExports, 'start'>,
    @Inject(SEGMENTS) private readonly segments: Pick<SegmentRegistry, 'reach'>,
  ) {}

  @ServeEndpoint(exportSegmentEndpoint)
  @HttpCode(201)
  async exportSegment(
    @Body() body: Json,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const asked = accepted(parseExportSegment(body));
    await reached(this.segments, request);
    const key = idempotencyKeyOf(request);
    const answer = await this.exports.start(asked, { ...readOptionsOf(request), key });
    if (answer === 'other_request') throw new ReplyError({ status: 409, body: { message: OTHER_REQUEST } });
    const { started, position } = accepted(answer);
    if (position !== undefined) void reply.header(POSITION_HEADER, position);
    return { message: 'success', ...started };
  }
}
