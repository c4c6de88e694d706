import { FatalReply, type Endpoint } from '@hearth/rest-api';
import { z } from 'zod';

import { MAX_BULK_OBJECTS, MAX_BULK_OBJECTS_PER_PROFILE } from '../domain/parsing/index.ts';
import { AttributesObject } from './schemas/attributes-object.ts';
import { EventObject, PurchaseObject } from './schemas/event-object.ts';
import { TrackReply } from './track.endpoints.ts';

/** The largest body of a bulk request: 2 MB (user-data API §3). */
const BULK_BODY_BYTES = 2 * 1024 * 1024;

/** Bodies are parsed by hand (decision 6): the schema here is for the document alone. */
export const trackBulkEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/track/bulk',
  permission: 'users.track.bulk',
  kind: 'write',
  bodyLimitBytes: BULK_BODY_BYTES,
  summary: `Record up to ${MAX_BULK_OBJECTS} objects in all, of at most 2 MB; they are applied soon after`,
  body: z
    .looseObject({
      attributes: z.array(AttributesObject).max(MAX_BULK_OBJECTS).nullish(),
      events: z.array(EventObject).max(MAX_BULK_OBJECTS).nullish(),
      purchases: z.array(PurchaseObject).max(MAX_BULK_OBJECTS).nullish(),
    })
    .meta({
      id: 'TrackBulkRequest',
      description: `As for /users/track, with limits over the three arrays: ${MAX_BULK_OBJECTS} objects in all, and ${MAX_BULK_OBJECTS_PER_PROFILE} for one profile.`,
    }),
  responses: { 201: TrackReply, 400: FatalReply },
  examples: [
    {
      name: 'Two users',
      request: {
        attributes: [
          { external_id: 'bulk-1', plan: 'free' },
          { external_id: 'bulk-2', plan: 'free' },
        ],
        events: [{ external_id: 'bulk-1', name: 'signed_up', time: '2026-01-15T12:00:00Z' }],
      },
      status: 201,
      response: { message: 'success', attributes_processed: 2, events_processed: 1 },
    },
  ],
};
