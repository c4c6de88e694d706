import type { Endpoint } from '@hearth/rest-api';
import { z } from 'zod';
import { minPosition } from '../reading/min-position.ts';

/** An export of the users of a segment into files (user-data API §13.3). Read by hand, for the texts of its errors. */
export const exportSegmentEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/export/segment',
  permission: 'users.export.segment',
  kind: 'write',
  summary: 'Export the users of a segment into files',
  body: z.looseObject({
    segment_id: z.string(),
    fields_to_export: z.array(z.string()),
    custom_attributes_to_export: z
      .array(z.string())
      .max(500)
      .optional()
      .meta({ description: 'Says nothing where custom_attributes is among the fields.' }),
    callback_endpoint: z.string().optional().meta({ description: 'Is POSTed to when the export is over.' }),
    output_format: z.enum(['zip', 'gzip']).optional().meta({ description: 'zip without it.' }),
    min_position: minPosition,
  }),
  responses: {
    201: z.object({ message: z.string(), object_prefix: z.string(), url: z.string().optional() }),
    400: z.object({ message: z.string() }),
  },
  examples: [
    {
      name: 'of a segment that is not there',
      request: { segment_id: 'nothing', fields_to_export: ['external_id', 'email'] },
      status: 400,
      response: { message: "'segment_id' names no segment" },
    },
  ],
};
