import type { EndpointExample } from '@hearth/rest-api';

const VALID_DATA = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";
const NO_IDENTIFIER = "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required";

export const trackExamples: readonly EndpointExample[] = [
  {
    name: 'One object of each kind',
    request: {
      attributes: [{ external_id: 'u1', first_name: 'Jon', visits: { inc: 1 }, tags: { add: ['blue'] } }],
      events: [
        {
          external_id: 'u1',
          name: 'rented_movie',
          time: '2026-01-15T12:00:00Z',
          properties: { genre: 'noir' },
        },
      ],
      purchases: [
        {
          external_id: 'u1',
          product_id: 'ticket',
          currency: 'USD',
          price: 12.5,
          quantity: 2,
          time: '2026-01-15',
        },
      ],
    },
    status: 201,
    response: { message: 'success', attributes_processed: 1, events_processed: 1, purchases_processed: 1 },
  },
  {
    name: 'Nested objects and lists of objects',
    request: {
      attributes: [
        {
          user_alias: { alias_name: 'jon', alias_label: 'shop' },
          _update_existing_only: false,
          _merge_objects: true,
          address: { city: 'Bremen', since: { $time: '2024-05-01' } },
          pets: {
            $add: [{ id: 3, type: 'dog' }],
            $update: [{ $identifier_key: 'id', $identifier_value: 4, $new_object: { breed: 'goldfish' } }],
            $remove: [{ $identifier_key: 'type', $identifier_value: 'cat' }],
          },
        },
      ],
    },
    status: 201,
    response: { message: 'success', attributes_processed: 1 },
  },
  {
    name: 'One of two events is refused',
    request: {
      events: [
        { external_id: 'u1', name: 'opened', time: '2026-01-15T12:00:00Z' },
        { name: 'opened', time: '2026-01-15T12:00:00Z' },
      ],
    },
    status: 201,
    response: {
      message: 'success',
      events_processed: 1,
      errors: [{ type: NO_IDENTIFIER, input_array: 'events', index: 1 }],
    },
  },
  {
    name: 'Nothing valid',
    request: { attributes: [{ color: 'blue' }] },
    status: 400,
    response: { message: VALID_DATA, errors: [{ type: NO_IDENTIFIER, input_array: 'attributes', index: 0 }] },
  },
];

export const trackSyncExamples: readonly EndpointExample[] = [
  {
    name: 'Attributes',
    request: { attributes: { external_id: 'sync-1', tier: 'gold', visits: { inc: 1 } } },
    status: 201,
    response: {
      users: [{ external_id: 'sync-1', custom_attributes: { tier: 'gold', visits: 1 } }],
      message: 'success',
    },
  },
  {
    name: 'An event, in an array of one',
    request: { events: [{ external_id: 'sync-2', name: 'rented_movie', time: '2022-12-06T18:20:45Z' }] },
    status: 201,
    response: {
      users: [
        {
          external_id: 'sync-2',
          custom_events: [
            {
              name: 'rented_movie',
              first: '2022-12-06T18:20:45.000Z',
              last: '2022-12-06T18:20:45.000Z',
              count: 1,
            },
          ],
        },
      ],
      message: 'success',
    },
  },
  {
    name: 'A purchase of three',
    request: {
      purchases: {
        email: 'sync@example.com',
        product_id: 'ticket',
        currency: 'EUR',
        price: 10,
        quantity: 3,
        time: '2022-12-06',
      },
    },
    status: 201,
    response: {
      users: [
        {
          email: 'sync@example.com',
          purchase_events: [
            {
              product_id: 'ticket',
              first: '2022-12-06T00:00:00.000Z',
              last: '2022-12-06T00:00:00.000Z',
              count: 3,
            },
          ],
        },
      ],
      message: 'success',
    },
  },
  {
    name: 'Nobody to update',
    request: { attributes: { external_id: 'nobody', tier: 'gold', _update_existing_only: true } },
    status: 201,
    response: { users: [], message: 'success' },
  },
  {
    name: 'More than one object',
    request: {
      attributes: [
        { external_id: 'sync-1', tier: 'gold' },
        { external_id: 'sync-2', tier: 'gold' },
      ],
    },
    status: 400,
    response: {
      message: 'Max Input Length Exceeded',
      errors: [
        {
          type: 'Only one attributes, events or purchases object is allowed per request',
          input_array: 'attributes',
          index: 1,
        },
      ],
    },
  },
];
