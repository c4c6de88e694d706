import type { Endpoint } from '@hearth/rest-api';
import { z } from 'zod';

const object = z.looseObject({});

/** What a call did to one of its objects, where it was refused. */
const objectError = z.object({ type: z.string(), input_array: z.string(), index: z.number() });

const accepted = z.object({
  message: z.string(),
  attributes_processed: z.number().optional(),
  events_processed: z.number().optional(),
  purchases_processed: z.number().optional(),
  errors: z.array(objectError).optional(),
});

/** Bodies are parsed by hand (decision 6): the schemas here are for the document alone. */
export const trackEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/track',
  permission: 'users.track',
  kind: 'write',
  summary: 'Record attributes, events and purchases',
  body: z.looseObject({
    attributes: z.array(object).optional(),
    events: z.array(object).optional(),
    purchases: z.array(object).optional(),
  }),
  responses: { 201: accepted },
};

export const trackSyncEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/track/sync',
  permission: 'users.track.sync',
  kind: 'write',
  summary: 'Record one object and answer with the profile after it',
  body: z.looseObject({
    attributes: z.union([object, z.array(object)]).optional(),
    events: z.union([object, z.array(object)]).optional(),
    purchases: z.union([object, z.array(object)]).optional(),
  }),
  responses: { 201: z.object({ users: z.array(object), message: z.string() }) },
};
