import type { Json } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { accepted, NOW } from '../../testing/parse-one.ts';
import { isImport } from './track-object.ts';
import { parseTrackSync } from './track-sync-request.ts';
import { defaultTrackRules } from './track-rules.ts';

const NO_VALID_DATA = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";
const user = { external_id: 'u', tier: 'gold' };
const event = { external_id: 'u', name: 'e', time: '2020-01-01' };
const purchase = { external_id: 'u', product_id: 'p', currency: 'USD', price: 1, time: '2020-01-01' };
const sync = (body: Json) => parseTrackSync(body, defaultTrackRules, NOW);

describe('one object (user-data API §6.1)', () => {
  it.each([
    ['attributes', user],
    ['events', event],
    ['purchases', purchase],
  ] as const)('of %s, bare or in an array', (array, object) => {
    const expected = { object: accepted(array, object) };
    expect(sync({ [array]: object })).toEqual(expected);
    expect(sync({ [array]: [object] })).toEqual(expected);
    expect(sync({ attributes: [], events: null, purchases: [], partner: 'x', [array]: object })).toEqual(
      expected,
    );
  });

  it('may be an import of push tokens', () => {
    const attributes = { push_token_import: true, push_tokens: [{ app_id: 'a', token: 't' }] };
    expect(sync({ attributes })).toMatchObject({ object: { tokens: [{ app_id: 'a', token: 't' }] } });
  });
});

describe('refusals (§6.3)', () => {
  it.each<[string, Json]>([
    ['null', null],
    ['an array', [{ attributes: user }]],
    ['an empty object', {}],
    ['empty arrays', { attributes: [], events: [] }],
    ['nulls', { attributes: null }],
    ['a text', { attributes: 'x' }],
    ['a number', { events: 5 }],
    ['false beside an object', { attributes: user, events: false }],
  ])('no object: %s', (_, body) => {
    expect(sync(body)).toEqual({ status: 400, message: NO_VALID_DATA });
  });

  it.each<[string, Json, string, number]>([
    ['two of a kind', { attributes: [user, user] }, 'attributes', 1],
    ['three of a kind', { events: [event, event, event] }, 'events', 1],
    ['two kinds', { attributes: user, events: event }, 'events', 0],
    ['two kinds in arrays', { events: [event], purchases: [purchase] }, 'purchases', 0],
    ['an invalid one too many', { attributes: [user, 1] }, 'attributes', 1],
  ])('more than one: %s', (_, body, input_array, index) => {
    expect(sync(body)).toEqual({
      status: 400,
      message: 'Max Input Length Exceeded',
      errors: [
        {
          type: 'Only one attributes, events or purchases object is allowed per request',
          input_array,
          index,
        },
      ],
    });
  });

  it.each<[string, Json, string, string]>([
    [
      'no identifier',
      { attributes: {} },
      'attributes',
      "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
    ],
    [
      'an entry that is no object',
      { events: ['x'] },
      'events',
      "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
    ],
    ['a bad quantity', { purchases: { ...purchase, quantity: 101 } }, 'purchases', "'quantity' is not valid"],
  ])('an invalid one: %s', (_, body, input_array, type) => {
    expect(sync(body)).toEqual({
      status: 400,
      message: NO_VALID_DATA,
      errors: [{ type, input_array, index: 0 }],
    });
  });
});

describe('what the answer lists and repeats (§6.2)', () => {
  const select = (body: Json) => {
    const request = sync(body);
    if ('status' in request || isImport(request.object)) throw new Error('refused');
    return { select: request.object.select, echo: request.object.echo };
  };

  it('the custom attributes named in the request, removed and dropped ones too', () => {
    const attributes = {
      email: 'A@B.co',
      first_name: 'x',
      a: 1,
      gone: null,
      long: 'x'.repeat(300),
      n: { inc: 1 },
    };
    expect(select({ attributes })).toEqual({
      select: { custom_attributes: ['a', 'gone', 'long', 'n'] },
      echo: { email: 'A@B.co' },
    });
  });

  it('no custom attributes where only profile fields were sent', () => {
    expect(select({ attributes: { external_id: 'u', first_name: 'x', email: 'a@b.co' } })).toEqual({
      select: {},
      echo: { external_id: 'u' },
    });
  });

  it('the event or product, also where an email is written on the way', () => {
    expect(select({ events: { ...event, email: 'a@b.co' } }).select).toEqual({ custom_events: ['e'] });
    expect(select({ purchases: { ...purchase, product_id: 5 } }).select).toEqual({ purchase_events: ['5'] });
  });
});
