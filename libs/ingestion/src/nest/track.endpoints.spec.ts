import type { Json, JsonObject } from '@hearth/contracts';
import { openApiDocument } from '@hearth/rest-api';
import { documentSchemas } from '@hearth/rest-api/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { currencyCode } from '../domain/parsing/currencies.ts';
import { parseEmail } from '../domain/parsing/email-addresses.ts';
import type { InputArray } from '../domain/parsing/index.ts';
import { parsePhone } from '../domain/parsing/phone-numbers.ts';
import { isStorable, parseTime } from '../domain/parsing/time-strings.ts';
import { documentedObjects } from '../testing/documented-objects.ts';
import { parseOne } from '../testing/parse-one.ts';
import { ingestionEndpoints } from './endpoints.ts';

/** The words that the schemas use for what a pattern cannot say. */
const formats = {
  uuid: () => true,
  email: (text: string) => parseEmail(text) !== undefined,
  'phone-number': (text: string) => parsePhone(text, null) !== undefined,
  'iso-4217': (text: string) => currencyCode(text) !== undefined,
  'time-string': (text: string) => {
    const epochMs = parseTime(text);
    return epochMs !== undefined && isStorable(epochMs);
  },
};

const document = openApiDocument(ingestionEndpoints);
const { problemsOf } = documentSchemas(document, formats);

/** What the schema of that kind of object has against one. */
const problems = (kind: InputArray, object: Json): string[] => problemsOf(schemas[kind], object);

const schemas = {
  attributes: { $ref: '#/components/schemas/AttributesObject' },
  events: { $ref: '#/components/schemas/EventObject' },
  purchases: { $ref: '#/components/schemas/PurchaseObject' },
} as const;

const valid: Record<InputArray, JsonObject> = {
  attributes: { external_id: 'u', first_name: 'Jon', tier: 'gold', tags: { add: ['a'] } },
  events: { external_id: 'u', name: 'e', time: '2022-01-01', properties: { a: [1] } },
  purchases: { external_id: 'u', product_id: 'p', currency: 'USD', price: 1, time: '2022-01-01' },
};

/** Fields whose unusable values are ignored without an error (user-data API §7.1, §9): the schema asks for the usable ones. */
const LENIENT = ['country', 'language', 'time_zone', 'dob', 'gender', 'app_id'];

/** Values of every kind, and those that the rules of some field are about. */
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, '', 'x', 0, -1, 1, 1.5, 100, 101, 181, true, false, [], {}, [1], ['a'], [{}]),
  fc.constantFrom<Json>('2022-01-01', '12/1/2021', '2022-13-01', 'a@b.co', 'a@b', '+15045551234', '12'),
  fc.constantFrom<Json>(
    'USD',
    'usd',
    'ZZZ',
    'subscribed',
    'opted_in',
    'pending',
    'a'.repeat(24),
    'x'.repeat(256),
  ),
  fc.constantFrom<Json>('x'.repeat(987), 'x'.repeat(988), 2 ** 53 - 1, 1e300),
  fc.constantFrom<Json>(
    { alias_name: 'n', alias_label: 'l' },
    { alias_name: '', alias_label: 'l' },
    { alias_name: 'n' },
    { longitude: 8, latitude: 53 },
    { longitude: 181, latitude: 53 },
    { longitude: '8', latitude: 53 },
    { id: 'f', likes: ['a'], num_friends: 1 },
    { id: 1, screen_name: 's', followers_count: 1.5 },
    { id: 1, screen_name: 's', followers_count: null },
  ),
  fc.constantFrom<Json>(
    { time: 1 },
    { event_name: 'x' },
    { price: 1 },
    { $a: 1 },
    { '': 1 },
    { ['k'.repeat(256)]: 1 },
    { ok: null },
  ),
  fc.constantFrom<Json>(
    [{ subscription_group_id: '0f6c6e1a-0000-4000-8000-000000000001', subscription_state: 'subscribed' }],
    [{ subscription_group_id: '0f6c6e1a-0000-4000-8000-000000000001', subscription_state: 'opted_in' }],
    [{ subscription_group_id: 'x', subscription_state: 'subscribed' }],
    [{ subscription_state: 'subscribed' }],
    [{ app_id: 'app', token: 't' }],
    [{ app_id: 'app', token: 't', device_id: 'device-1' }],
    [{ app_id: 'app', token: 1 }],
    [{ app_id: '', token: 't' }],
    [{ token: 't' }],
  ),
);

const fieldsOf = (id: string): string[] =>
  Object.keys((document.components.schemas![id] as { properties: object }).properties);

const names: Record<InputArray, fc.Arbitrary<string>> = {
  attributes: fc.constantFrom(...fieldsOf('AttributesObject'), 'Custom', '$custom', '', 'k'.repeat(256)),
  events: fc.constantFrom(...fieldsOf('EventObject'), 'other'),
  purchases: fc.constantFrom(...fieldsOf('PurchaseObject'), 'other'),
};

/** A valid object with some fields replaced, added, or taken away. */
const changed = (kind: InputArray): fc.Arbitrary<JsonObject> =>
  fc
    .record({
      put: fc.array(fc.tuple(names[kind], value), { maxLength: 3 }),
      drop: fc.subarray(Object.keys(valid[kind]), { maxLength: 2 }),
    })
    .map(({ put, drop }) => {
      const object = { ...valid[kind], ...Object.fromEntries(put) };
      return Object.fromEntries(
        Object.entries(object).filter(([name]) => !drop.includes(name) || put.some(([key]) => key === name)),
      );
    });

describe('the schema of a track object', () => {
  it.each(['attributes', 'events', 'purchases'] as const)(
    'of %s forbids what the parser refuses, and nothing else but ignored values',
    (kind) => {
      let [taken, refused] = [0, 0];
      fc.assert(
        fc.property(changed(kind), (object) => {
          const parsed = parseOne(kind, object);
          if (typeof parsed === 'string') {
            refused++;
            expect({ parsed, fits: problems(kind, object).length === 0 }).toEqual({ parsed, fits: false });
            return;
          }
          taken++;
          const strict = Object.entries(object).filter(([name]) => !LENIENT.includes(name));
          expect(problems(kind, Object.fromEntries(strict))).toEqual([]);
        }),
        { numRuns: 4_000, seed: 20 },
      );
      expect(Math.min(taken, refused)).toBeGreaterThan(500);
    },
  );

  it.each(documentedObjects)('takes what the public API shows: %s', (_what, kind, object) => {
    expect(problems(kind, object)).toEqual([]);
    expect(parseOne(kind, object)).not.toBeTypeOf('string');
  });
});
