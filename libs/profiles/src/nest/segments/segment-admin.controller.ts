import type { Json, SegmentCreated, SegmentFilter } from '@hearth/contracts';
import { isRejection, type EventMetadata } from '@hearth/eventing';
import { ReplyError } from '@hearth/nest-kit';
import { POSITION_HEADER, readInput, readQuery, ServeEndpoint } from '@hearth/rest-api';
import { Body, Controller, HttpCode, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SegmentRegistry } from '../../application/segments/segment-registry.ts';
import { FilterError, parseFilter } from '../../domain/segments/parse-filter.ts';
import type { Segment, SegmentCommand } from '../../domain/segments/segment.ts';
import { SEGMENT_CONTEXT, SEGMENTS } from '../tokens.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { known, reached } from './segments.controller.ts';
import {
  allSegmentsEndpoint,
  archiveSegmentEndpoint,
  createSegmentEndpoint,
  getSegmentEndpoint,
  NewSegment,
  SegmentChange,
  SegmentDetailsQuery,
  SegmentName,
  updateSegmentEndpoint,
} from './segments.endpoints.ts';

/** What definitions of segments are made with. */
export interface SegmentContext {
  /** The id of a new segment: the same one for a request that is sent again with its `Idempotency-Key`. */
  readonly newSegmentId: (idempotencyKey: string | undefined) => string;
  /** The metadata of an event that a request leads to now. */
  readonly metadataOf: (correlationId: string) => EventMetadata;
}

/** `/hearth/segments…`: definitions, which the public API leaves to a dashboard. */
@Controller()
export class SegmentAdminController {
  constructor(
    @Inject(SEGMENTS) private readonly segments: SegmentRegistry,
    @Inject(SEGMENT_CONTEXT) private readonly context: SegmentContext,
  ) {}

  @ServeEndpoint(createSegmentEndpoint)
  async create(
    @Body() body: Json,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { name, description = '', tags = [], filter } = readInput(NewSegment, body);
    const data: SegmentCreated = { name, description, tags, filter: filterOf(filter) };
    const id = this.context.newSegmentId(idempotencyKeyOf(request));
    await this.change(id, { type: 'CreateSegment', data }, request, reply.code(201));
  }

  @ServeEndpoint(updateSegmentEndpoint)
  async update(
    @Body() body: Json,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { segment_id, name, description, tags, filter } = readInput(SegmentChange, body);
    const data = {
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(tags !== undefined && { tags }),
      ...(filter !== undefined && { filter: filterOf(filter) }),
    };
    await this.change(segment_id, { type: 'UpdateSegment', data }, request, reply.code(200));
  }

  @ServeEndpoint(archiveSegmentEndpoint)
  async archive(
    @Body() body: Json,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { segment_id } = readInput(SegmentName, body);
    await this.change(segment_id, { type: 'ArchiveSegment' }, request, reply.code(200));
  }

  @ServeEndpoint(getSegmentEndpoint)
  @HttpCode(200)
  async get(@Req() request: FastifyRequest) {
    const { segment_id } = readQuery(SegmentDetailsQuery, request.query);
    await reached(this.segments, request);
    return { message: 'success', segment: known(this.segments.get(segment_id)) };
  }

  @ServeEndpoint(allSegmentsEndpoint)
  @HttpCode(200)
  async all(@Req() request: FastifyRequest): Promise<{ message: string; segments: readonly Segment[] }> {
    await reached(this.segments, request);
    return { message: 'success', segments: this.segments.all() };
  }

  private async change(
    id: string,
    command: SegmentCommand,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const changed = await this.segments.change(id, command, this.context.metadataOf(request.id));
    if (isRejection(changed)) throw new ReplyError({ status: 400, body: { message: changed.detail } });
    if (changed.position !== undefined) void reply.header(POSITION_HEADER, changed.position);
    void reply.send({ message: 'success', segment: changed.segment });
  }
}

const filterOf = (sent: unknown): SegmentFilter => {
  try {
    return parseFilter(sent);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new ReplyError({ status: 400, body: { message: error.message } }, { cause: error });
  }
};
