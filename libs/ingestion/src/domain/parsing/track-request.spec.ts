import type { Json, JsonObject } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { NOW, rulesWith } from '../../testing/parse-one.ts';
import { parseTrack } from './track-request.ts';
import { defaultTrackRules } from './track-rules.ts';

const NO_VALID_DATA = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";
const REQUIRED = "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required";

const user = { external_id: 'u' };
const event = { external_id: 'u', name: 'e', time: '2020-01-01' };
const purchase = { external_id: 'u', product_id: 'p', currency: 'USD', price: 1, time: '2020-01-01' };
const times = <T>(count: number, item: T): readonly T[] => Array.from({ length: count }, () => item);
const track = (body: Json, rules = defaultTrackRules) => parseTrack(body, rules, NOW);

describe('bodies without valid data (user-data API §5.2)', () => {
  it.each<[string, Json]>([
    ['null', null],
    ['a text', 'x'],
    ['a number', 1],
    ['an array', [{ attributes: [user] }]],
    ['an empty object', {}],
    ['only unknown keys', { partner: 'x', api_key: 'y' }],
    ['empty arrays', { attributes: [], events: [], purchases: [] }],
    ['null arrays', { attributes: null, events: null, purchases: null }],
    ['an object for an array', { attributes: user }],
    ['a text for an array', { attributes: 'x' }],
    ['false for an array', { attributes: false }],
    ['one array that is none beside a good one', { attributes: [user], events: {} }],
    ['inherited names', JSON.parse('{"__proto__":{"attributes":[{"external_id":"u"}]}}') as Json],
  ])('%s', (_, body) => {
    expect(track(body)).toEqual({ status: 400, message: NO_VALID_DATA });
  });

  it('nothing but invalid objects, with an error for each', () => {
    expect(track({ attributes: [{}, 1], purchases: [{ ...purchase, quantity: 0 }] })).toEqual({
      status: 400,
      message: NO_VALID_DATA,
      errors: [
        { type: REQUIRED, input_array: 'attributes', index: 0 },
        { type: REQUIRED, input_array: 'attributes', index: 1 },
        { type: "'quantity' is not valid", input_array: 'purchases', index: 0 },
      ],
    });
  });
});

describe('limits of a request (§5.1)', () => {
  const OVER = { status: 400, message: 'Max Input Length Exceeded' };
  const full = { attributes: times(75, user), events: times(75, event), purchases: times(75, purchase) };

  it('takes 75 objects in each array', () => {
    expect(track(full)).toMatchObject({
      errors: [],
      processed: { attributes_processed: 75, events_processed: 75, purchases_processed: 75 },
    });
  });

  it.each([
    ['attributes', user],
    ['events', event],
    ['purchases', purchase],
  ] as const)('refuses 76 %s, valid or not', (array, object) => {
    expect(track({ ...full, [array]: times<Json>(76, object) })).toEqual(OVER);
    expect(track({ [array]: times(76, 1) })).toEqual(OVER);
  });

  it('counts all arrays together where configured', () => {
    const rules = rulesWith({ limit: { mode: 'combined', objects: 50 } });
    expect(track({ attributes: times(25, user), events: times(25, event) }, rules)).toMatchObject({
      errors: [],
    });
    expect(track({ attributes: times(25, user), events: times(26, event) }, rules)).toEqual(OVER);
  });
});

describe('partly valid bodies (§5.2, §5.3)', () => {
  const body: JsonObject = {
    partner: 'x',
    purchases: [{ ...purchase, quantity: 0 }],
    events: [null, event, { ...event, time: 'soon' }, event],
    attributes: [user, { email: 'x@' }, user],
  };

  it('keep the order of the service and the indices as sent', () => {
    const request = track(body);
    if ('status' in request) throw new Error(request.message);
    expect(request.objects.map(({ inputArray, index }) => [inputArray, index])).toEqual([
      ['attributes', 0],
      ['attributes', 2],
      ['events', 1],
      ['events', 3],
    ]);
    expect(request.errors).toEqual([
      {
        type: "The value provided for the 'email' field is not a valid email.",
        input_array: 'attributes',
        index: 1,
      },
      { type: REQUIRED, input_array: 'events', index: 0 },
      { type: "'time' is not valid", input_array: 'events', index: 2 },
      { type: "'quantity' is not valid", input_array: 'purchases', index: 0 },
    ]);
  });

  it('count what is valid and leave out the counters of arrays without any', () => {
    expect(track(body)).toMatchObject({ processed: { attributes_processed: 2, events_processed: 2 } });
    expect(track(body)).not.toHaveProperty('processed.purchases_processed');
  });

  it('do not merge objects that are equal', () => {
    expect(track({ events: [event, event, event] })).toMatchObject({ processed: { events_processed: 3 } });
  });

  it('take a null array for an absent one', () => {
    expect(track({ attributes: [user], events: null })).toMatchObject({
      processed: { attributes_processed: 1 },
    });
  });
});
