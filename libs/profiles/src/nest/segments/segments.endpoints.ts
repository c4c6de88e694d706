import type { JsonObject } from '@hearth/contracts';
import type { Endpoint } from '@hearth/rest-api';
import { z } from 'zod';
import { minPosition } from '../reading/min-position.ts';
import { pageNumber } from '../reading/page-number.ts';

const name = z.string().min(1, "'name' is required").max(255);
const description = z.string().max(1_000).optional();
const tags = z.array(z.string().min(1).max(255)).max(100).optional();
const filter = z.looseObject({}).meta({
  description:
    'Conditions on profile fields, custom attributes, events, purchases and subscription groups, put together by and, or ' +
    'and not: docs/segments.md.',
});

/** A segment that comes to be. */
export const NewSegment = z.looseObject({ name, description, tags, filter });
/** What changes of a segment; the rest stays. */
export const SegmentChange = z.looseObject({
  segment_id: z.string().min(1, "'segment_id' is required"),
  name: name.optional(),
  description,
  tags,
  filter: filter.optional(),
});
export const SegmentName = z.looseObject({ segment_id: z.string().min(1, "'segment_id' is required") });
export const SegmentDetailsQuery = z.looseObject({
  segment_id: z.string().min(1),
  min_position: minPosition,
});
export const SegmentListQuery = z.looseObject({
  page: pageNumber(),
  sort_direction: z.enum(['asc', 'desc']).default('asc'),
  min_position: minPosition,
});

const definition = z.looseObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  filter,
  archived: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});
const answer = z.object({ message: z.string(), segment: definition });
const refusal = z.object({ message: z.string() });
const regulars: JsonObject = {
  and: [
    { product: 'coffee', measure: 'count', op: 'at_least', value: 2 },
    { custom_event: 'visited', measure: 'last', op: 'after', value: { days_ago: 30 } },
    { not: { custom_attribute: 'address', path: ['country'], op: 'equals', value: 'DE' } },
  ],
};
const SEGMENT_ID = '6f9f2b1e-6c1d-4f0b-8d6c-0a4f3c1a9b57';
const example: JsonObject = {
  id: SEGMENT_ID,
  name: 'Regulars',
  description: '',
  tags: [],
  filter: regulars,
  archived: false,
  created_at: '2024-01-31T12:00:00.000Z',
  updated_at: '2024-01-31T12:00:00.000Z',
};
const oneExample = (name: string, request: JsonObject, status = 200): Pick<Endpoint, 'examples'> => ({
  examples: [{ name, request, status, response: { message: 'success', segment: example } }],
});
const admin = { permission: 'hearth.segments', kind: 'write', method: 'POST' } as const;

export const createSegmentEndpoint: Endpoint = {
  ...admin,
  path: '/hearth/segments/create',
  summary: 'Define a segment',
  body: NewSegment,
  responses: { 201: answer, 400: refusal },
  ...oneExample('whoever bought twice and was here lately', { name: 'Regulars', filter: regulars }, 201),
};
export const updateSegmentEndpoint: Endpoint = {
  ...admin,
  path: '/hearth/segments/update',
  summary: 'Change the definition of a segment',
  body: SegmentChange,
  responses: { 200: answer, 400: refusal },
  ...oneExample('another name', { segment_id: SEGMENT_ID, name: 'Regulars' }),
};
export const archiveSegmentEndpoint: Endpoint = {
  ...admin,
  path: '/hearth/segments/archive',
  summary: 'Archive a segment',
  body: SegmentName,
  responses: { 200: answer, 400: refusal },
  examples: [
    {
      name: 'one that is needed no more',
      request: { segment_id: SEGMENT_ID },
      status: 200,
      response: { message: 'success', segment: { ...example, archived: true } },
    },
  ],
};
export const getSegmentEndpoint: Endpoint = {
  method: 'GET',
  path: '/hearth/segments/get',
  permission: 'hearth.segments',
  kind: 'read',
  summary: 'Read the definition of a segment',
  query: SegmentDetailsQuery,
  responses: { 200: answer, 400: refusal },
  ...oneExample('by its id', { segment_id: SEGMENT_ID }),
};
export const allSegmentsEndpoint: Endpoint = {
  method: 'GET',
  path: '/hearth/segments',
  permission: 'hearth.segments',
  kind: 'read',
  summary: 'Read the definitions of all segments, archived ones too',
  responses: { 200: z.object({ message: z.string(), segments: z.array(definition) }) },
  examples: [
    { name: 'all of them', request: {}, status: 200, response: { message: 'success', segments: [example] } },
  ],
};

/** Segments that are not archived (user-data API §14). */
export const segmentsListEndpoint: Endpoint = {
  method: 'GET',
  path: '/segments/list',
  permission: 'segments.list',
  kind: 'read',
  summary: 'List segments',
  query: SegmentListQuery,
  responses: {
    200: z.object({
      message: z.string(),
      segments: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          analytics_tracking_enabled: z.boolean(),
          tags: z.array(z.string()),
        }),
      ),
    }),
    400: refusal,
  },
  examples: [
    {
      name: 'a page beyond the end',
      request: { page: '9999' },
      status: 200,
      response: { message: 'success', segments: [] },
    },
  ],
};
export const segmentDetailsEndpoint: Endpoint = {
  method: 'GET',
  path: '/segments/details',
  permission: 'segments.details',
  kind: 'read',
  summary: 'Read what a segment is',
  query: SegmentDetailsQuery,
  responses: {
    200: z.object({
      message: z.string(),
      created_at: z.string(),
      updated_at: z.string(),
      name: z.string(),
      description: z.string(),
      text_description: z.string(),
      tags: z.array(z.string()),
      teams: z.array(z.string()),
    }),
    400: refusal,
  },
  examples: [
    {
      name: 'of nothing that is there',
      request: { segment_id: 'nothing' },
      status: 400,
      response: { message: "'segment_id' names no segment" },
    },
  ],
};

export const segmentsEndpoints: readonly Endpoint[] = [
  createSegmentEndpoint,
  updateSegmentEndpoint,
  archiveSegmentEndpoint,
  getSegmentEndpoint,
  allSegmentsEndpoint,
  segmentsListEndpoint,
  segmentDetailsEndpoint,
];
