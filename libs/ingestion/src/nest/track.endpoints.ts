import { EntryError, FatalReply, type Endpoint } from '@hearth/rest-api';
import { z } from 'zod';

import { AttributesObject } from './schemas/attributes-object.ts';
import { EventObject, PurchaseObject } from './schemas/event-object.ts';
import { UserAlias } from './schemas/identifiers.ts';
import { trackExamples, trackSyncExamples } from './track.examples.ts';

const upTo75 = 'At most 75.';

export const TrackReply = z
  .object({
    message: z.literal('success'),
    attributes_processed: z.int().min(1).optional(),
    events_processed: z.int().min(1).optional(),
    purchases_processed: z.int().min(1).optional(),
    errors: z.array(EntryError).optional(),
  })
  .meta({
    id: 'TrackReply',
    description:
      'How many objects of each array were taken, and why others were not. Counters of none are left out.',
  });

/** Bodies are parsed by hand (decision 6): the schemas here are for the document alone. */
export const trackEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/track',
  permission: 'users.track',
  kind: 'write',
  summary: 'Record attributes, events and purchases of up to 75 objects each; they are applied soon after',
  body: z
    .looseObject({
      attributes: z.array(AttributesObject).max(75).nullish().describe(upTo75),
      events: z.array(EventObject).max(75).nullish().describe(upTo75),
      purchases: z.array(PurchaseObject).max(75).nullish().describe(upTo75),
    })
    .meta({
      id: 'TrackRequest',
      description:
        'At least one object. Each is taken or refused by itself: where at least one is taken, the answer is 201 and lists the others. Keys that are not listed are ignored.',
    }),
  responses: { 201: TrackReply, 400: FatalReply },
  examples: trackExamples,
};

const oneOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([schema, z.array(schema).max(1)]).nullish();

const occurrences = {
  first: z.iso.datetime(),
  last: z.iso.datetime(),
  count: z.int().min(1),
};

const TrackSyncReply = z
  .object({
    users: z
      .array(
        z.object({
          external_id: z.string().optional(),
          user_alias: UserAlias.optional(),
          braze_id: z.string().optional(),
          email: z.string().optional(),
          phone: z.string().optional(),
          custom_attributes: z.record(z.string(), z.unknown()).optional(),
          custom_events: z.array(z.object({ name: z.string(), ...occurrences })).optional(),
          purchase_events: z.array(z.object({ product_id: z.string(), ...occurrences })).optional(),
        }),
      )
      .max(1)
      .describe('The user as the request named it; empty where nobody was found and nobody was to be made.'),
    message: z.literal('success'),
  })
  .meta({
    id: 'TrackSyncReply',
    description: 'What is stored now of what the request named: custom attributes, the event or the product.',
  });

export const trackSyncEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/track/sync',
  permission: 'users.track.sync',
  kind: 'write',
  summary: 'Record one object, and answer with what the profile holds of it once it is applied',
  body: z
    .looseObject({
      attributes: oneOf(AttributesObject),
      events: oneOf(EventObject),
      purchases: oneOf(PurchaseObject),
    })
    .meta({
      id: 'TrackSyncRequest',
      description: 'Exactly one object, by itself or as the only one of an array.',
    }),
  responses: { 201: TrackSyncReply, 400: FatalReply },
  examples: trackSyncExamples,
};
