import type { Position } from '@hearth/eventing';
import { ReplyError } from '@hearth/nest-kit';
import { readQuery, ServeEndpoint } from '@hearth/rest-api';
import { Controller, HttpCode, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { SegmentRegistry } from '../../application/segments/segment-registry.ts';
import { describeFilter } from '../../domain/segments/describe-filter.ts';
import type { Segment } from '../../domain/segments/segment.ts';
import { SEGMENTS } from '../tokens.ts';
import { readOptionsOf } from '../reading/read-options.ts';
import { withReadingError } from '../reading/reading-errors.ts';
import {
  SegmentDetailsQuery,
  segmentDetailsEndpoint,
  SegmentListQuery,
  segmentsListEndpoint,
} from './segments.endpoints.ts';

/** Segments on a page of the public API. */
const PER_PAGE = 100;

/** `/segments/list` and `/segments/details` (user-data API §14). */
@Controller()
export class SegmentsController {
  constructor(@Inject(SEGMENTS) private readonly segments: Pick<SegmentRegistry, 'all' | 'get' | 'reach'>) {}

  @ServeEndpoint(segmentsListEndpoint)
  @HttpCode(200)
  async list(@Req() request: FastifyRequest) {
    const { page, sort_direction } = readQuery(SegmentListQuery, request.query);
    await reached(this.segments, request);
    const present = this.segments.all().filter(({ archived }) => !archived);
    if (sort_direction === 'desc') present.reverse();
    return {
      message: 'success',
      segments: present.slice(page * PER_PAGE, (page + 1) * PER_PAGE).map(({ id, name, tags }) => ({
        id,
        name,
        analytics_tracking_enabled: false,
        tags,
      })),
    };
  }

  @ServeEndpoint(segmentDetailsEndpoint)
  @HttpCode(200)
  async details(@Req() request: FastifyRequest) {
    const { segment_id } = readQuery(SegmentDetailsQuery, request.query);
    await reached(this.segments, request);
    const { created_at, updated_at, name, description, tags, filter } = known(this.segments.get(segment_id));
    return {
      message: 'success',
      created_at,
      updated_at,
      name,
      description: describeFilter(filter),
      text_description: description,
      tags,
      teams: [],
    };
  }
}

/** Waits for what the request wants to be taken in. */
export const reached = async (
  segments: Pick<SegmentRegistry, 'reach'>,
  request: FastifyRequest,
): Promise<void> => {
  const { minPosition } = readOptionsOf(request);
  if (minPosition !== undefined) await withReadingError(segments.reach(minPosition as Position));
};

/** The segment. Throws the 400 where there is none (user-data API §14). */
export const known = (segment: Segment | undefined): Segment => {
  if (segment === undefined)
    throw new ReplyError({ status: 400, body: { message: "'segment_id' names no segment" } });
  return segment;
};
