import type { JsonObject } from '@hearth/contracts';

import type { InputArray } from '../domain/parsing/index.ts';

/** One object for each form that the public API documents (user-data API §6 to §11). */
export const documentedObjects: readonly (readonly [string, InputArray, JsonObject])[] = [
  ['a custom attribute', 'attributes', { external_id: 'u1', tier: 'gold' }],
  [
    'control keys, a field and a custom attribute',
    'attributes',
    {
      external_id: 'u1',
      _update_existing_only: false,
      push_token_import: false,
      _merge_objects: false,
      first_name: 'Jon',
      my_attr: 5,
    },
  ],
  ['an alias', 'attributes', { user_alias: { alias_name: 'n', alias_label: 'l' }, x: 1 }],
  ['an email', 'attributes', { email: 'Jon@Example.com', x: 1 }],
  ['a phone without a plus', 'attributes', { phone: '11112223333', x: 1 }],
  ['a number for an external_id', 'attributes', { external_id: 7, x: 1 }],
  ['identifiers that count as absent', 'attributes', { external_id: '', braze_id: null, email: 'a@b.co' }],
  ['a name of a country', 'attributes', { external_id: 'u1', country: 'Australia' }],
  [
    'all other profile fields',
    'attributes',
    {
      external_id: 'u1',
      last_name: 'Doe',
      home_city: 'Bremen',
      language: 'de',
      time_zone: 'Eastern Time (US & Canada)',
      dob: '1980-01-31',
      gender: 'F',
      current_location: { longitude: 8.8, latitude: 53.1 },
      date_of_first_session: '2022-01-01 00:00:00 -0500',
      date_of_last_session: '2022-01-01T10:00:00+1:00',
      email_subscribe: 'opted_in',
      push_subscribe: 'unsubscribed',
      email_open_tracking_disabled: true,
      email_click_tracking_disabled: false,
      marked_email_as_spam_at: '2022-01-01T00:00:00:123Z',
      image_url: 'https://example.com/a.png',
      facebook: { id: '1', likes: ['a'], num_friends: 3 },
      twitter: { id: 1, screen_name: 's', followers_count: 1, friends_count: 2, statuses_count: 3 },
    },
  ],
  [
    'subscription groups',
    'attributes',
    {
      external_id: 'u1',
      subscription_groups: [
        {
          subscription_group_id: '0f6c6e1a-0000-4000-8000-000000000001',
          subscription_state: 'subscribed',
          use_double_opt_in_logic: true,
        },
      ],
    },
  ],
  ['push tokens', 'attributes', { external_id: 'u1', push_tokens: [{ app_id: 'app', token: 't' }] }],
  ['an import', 'attributes', { push_token_import: true, push_tokens: [{ app_id: 'app', token: 't' }] }],
  ['inc', 'attributes', { external_id: 'a', n: { inc: -2 } }],
  ['add and remove', 'attributes', { external_id: 'a', tags: { add: ['a'], remove: ['b'] } }],
  ['an array', 'attributes', { external_id: 'a', food: ['hotdog', 'hotdog', 'hotdog', 'pizza'] }],
  [
    'a nested object',
    'attributes',
    { external_id: 'a', o: { at: { $time: '2022-01-01' }, deep: { x: [1] } } },
  ],
  [
    'changes of an array of objects',
    'attributes',
    {
      external_id: 'u1',
      _merge_objects: true,
      pets: {
        $add: [{ id: 3, type: 'dog' }],
        $update: [{ $identifier_key: 'id', $identifier_value: 4, $new_object: { breed: 'goldfish' } }],
        $remove: [{ $identifier_key: 'type', $identifier_value: 'cat' }],
      },
    },
  ],
  ['an event', 'events', { external_id: 'u1', name: 'rented_movie', time: '2022-12-06T18:20:45+01:00' }],
  [
    'an event with all there is',
    'events',
    {
      user_alias: { alias_name: 'n', alias_label: 'l' },
      _update_existing_only: false,
      app_id: 'app',
      name: 'e',
      time: 'Mon Jan 03 19:20:45.Z 2022',
      properties: { release: { studio: 'x', year: 1999 }, cast: [{ name: 'a' }], empty: '', none: null },
    },
  ],
  [
    'a purchase',
    'purchases',
    {
      external_id: 'u1',
      app_id: 'app',
      product_id: 'p',
      currency: 'USD',
      price: 12.12,
      quantity: 6,
      time: '2017-05-12T18:47:12Z',
    },
  ],
  [
    'a refund',
    'purchases',
    { braze_id: 'a'.repeat(24), product_id: 5, currency: 'eur', price: -5, time: '2017-05-12' },
  ],
];
