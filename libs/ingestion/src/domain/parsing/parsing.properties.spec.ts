import type { Json, JsonObject } from '@hearth/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NOW, NOW_ISO } from '../../testing/parse-one.ts';
import { isFatal, type FatalError } from './errors.ts';
import { parseJsonBody } from './json-body.ts';
import { INPUT_ARRAYS } from './input-array.ts';
import { parseTrack, type TrackRequest } from './track-request.ts';
import { defaultTrackRules } from './track-rules.ts';
import { parseTrackSync } from './track-sync-request.ts';

/** Text that is likely to hit a rule: names the API knows, times, odd characters. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '',
      'u',
      '2022-01-01',
      '12/1/2021',
      '3001-01-01',
      '2099-01-01',
      'USD',
      'a@b.co',
      '+15045551234',
      'subscribed',
      '\0',
      '\ud83d',
      '\ude00',
      '😀',
      'x'.repeat(256),
      'é'.repeat(500),
      '__proto__',
      'constructor',
    ),
  },
);

const KNOWN_NAMES = [
  'external_id',
  'user_alias',
  'braze_id',
  'email',
  'phone',
  'alias_name',
  'alias_label',
  '_update_existing_only',
  '_merge_objects',
  'push_token_import',
  'push_tokens',
  'subscription_groups',
  'first_name',
  'country',
  'dob',
  'gender',
  'time_zone',
  'language',
  'current_location',
  'longitude',
  'latitude',
  'email_subscribe',
  'bio',
  'name',
  'time',
  'app_id',
  'properties',
  'product_id',
  'currency',
  'price',
  'quantity',
  'inc',
  'add',
  'remove',
  '$add',
  '$update',
  '$remove',
  '$time',
  '$identifier_key',
  '$identifier_value',
  '$new_object',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '0',
  'a',
];
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KNOWN_NAMES) },
  { weight: 1, arbitrary: text },
);

const scalar: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.integer({ min: -2, max: 120 }),
  fc.double({ noNaN: true }), // infinities included: what JSON.parse makes of 1e999
  fc.constantFrom(2 ** 53, -0, 1e300),
);

/** An object made of entries as `JSON.parse` makes it: `__proto__` is a key of its own. */
const objectOf = (entries: readonly (readonly [string, Json])[]): JsonObject => {
  const object: Record<string, Json> = {};
  for (const [key, value] of entries)
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  return object;
};

const anyJson: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie('json')), { maxLength: 5 }).map(objectOf),
  ),
})).json;

/** Valid objects with some members replaced by anything. */
const spoiltObject = (base: JsonObject): fc.Arbitrary<Json> =>
  fc
    .array(fc.tuple(name, anyJson), { maxLength: 3 })
    .map((more) => objectOf([...Object.entries(base), ...more]));

const attributesObject = {
  external_id: 'u',
  first_name: 'Jon',
  tier: 'gold',
  tags: { add: ['a'] },
  o: { at: { $time: '2022-01-01' } },
};
const eventObject = {
  user_alias: { alias_name: 'n', alias_label: 'l' },
  name: 'e',
  time: '2022-01-01',
  properties: { a: [1] },
};
const purchaseObject = { email: 'a@b.co', product_id: 'p', currency: 'USD', price: 1, time: '2022-01-01' };

const entries = (base: JsonObject): fc.Arbitrary<Json> =>
  fc.array(fc.oneof(spoiltObject(base), anyJson), { maxLength: 4 });
const trackBody: fc.Arbitrary<Json> = fc.record(
  {
    attributes: entries(attributesObject),
    events: entries(eventObject),
    purchases: entries(purchaseObject),
    partner: anyJson,
  },
  { requiredKeys: [] },
);
const anyBody: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: trackBody },
  {
    weight: 1,
    arbitrary: fc
      .tuple(trackBody, fc.constantFrom(...INPUT_ARRAYS), anyJson)
      .map(([body, key, value]) => ({ ...(body as JsonObject), [key]: value })),
  },
  { weight: 1, arbitrary: anyJson },
);

const track = (body: Json) => parseTrack(body, defaultTrackRules, NOW);

const sizeOf = (body: Json): number =>
  INPUT_ARRAYS.reduce((sum, array) => {
    const sent = (body as JsonObject)[array];
    return sum + (Array.isArray(sent) ? sent.length : 0);
  }, 0);

/** Goes through a value for what may not get into the log, keys included. */
const expectClean = (value: unknown): void => {
  if (typeof value === 'string') expect(value.isWellFormed() && !value.includes('\0')).toBe(true);
  if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite);
  if (typeof value !== 'object' || value === null) return;
  expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(value));
  for (const [key, part] of Object.entries(value)) {
    expectClean(key);
    expect(key).not.toBe('__proto__');
    expectClean(part);
  }
};

describe('any body', () => {
  it('is refused as a whole, or each entry is either taken or has one error with its index', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const result: TrackRequest | FatalError = track(body);
        if (isFatal(result)) {
          expect(result.status).toBe(400);
          if (result.errors) expect(result.errors).toHaveLength(sizeOf(body));
          return;
        }
        const seen = [
          ...result.objects.map(({ inputArray, index }) => `${inputArray} ${index}`),
          ...result.imports.map(({ inputArray, index }) => `${inputArray} ${index}`),
          ...result.errors.map(({ input_array, index }) => `${input_array} ${index}`),
        ];
        const sent = INPUT_ARRAYS.flatMap((array) =>
          (((body as JsonObject)[array] as readonly Json[] | undefined | null) ?? []).map(
            (_, index) => `${array} ${index}`,
          ),
        );
        expect(seen.toSorted()).toEqual(sent.toSorted());
        const counted = Object.values(result.processed).reduce((sum, count) => sum + count, 0);
        expect(counted).toBe(result.objects.length + result.imports.length);
        expect(counted).toBeGreaterThan(0);
      }),
      { numRuns: 3000 },
    );
  });

  it('leads to the same result each time, and is not changed by it', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const before = structuredClone(body);
        expect(track(body)).toEqual(track(structuredClone(body)));
        expect(body).toEqual(before);
      }),
    );
  });

  it('makes commands that are clean, survive JSON, and say what the types promise', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const result = track(body);
        if (isFatal(result)) return;
        for (const { commands, identifier, echo, select } of result.objects) {
          expect(JSON.stringify(JSON.parse(JSON.stringify(commands)))).toBe(JSON.stringify(commands));
          expectClean(commands);
          expectClean([identifier, echo, select]);
          for (const { type, data } of commands) {
            if (type === 'UpdateAttributes' || type === 'ChangeSubscriptionGroup') continue;
            expect(data.time <= NOW_ISO).toBe(true);
            expect(data.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('has errors that can be shown', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const { errors = [] } = track(body) as { errors?: readonly { type: string }[] };
        for (const { type } of errors) {
          expect(type.isWellFormed() && !type.includes('\0')).toBe(true);
          expect(type.length).toBeLessThan(300);
        }
      }),
    );
  });

  it('of a sync call is refused, or holds the same object that track takes', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const result = parseTrackSync(body, defaultTrackRules, NOW);
        const tracked = track(body);
        if (isFatal(result)) expect(result.status).toBe(400);
        else if (!isFatal(tracked)) expect(tracked.objects[0] ?? null).toEqual(result.object);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('any change to the text of a valid body', () => {
  const valid = JSON.stringify({
    attributes: [attributesObject, { ...attributesObject, phone: '+15045551234', dob: '1980-01-01' }],
    events: [eventObject],
    purchases: [purchaseObject],
  });
  const snippet = fc.oneof(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      '\\u0000',
      '\\ud83d',
      '1e999',
      'null',
      '-',
      '0',
      ' ',
    ),
    fc.constantFrom('"a":1,', '{"__proto__":1}', '"external_id":"v",', '[[[[', ']]]]', '"\\u0061"'),
    fc.string({ maxLength: 3 }),
  );
  const edit = fc.record({ at: fc.nat(valid.length), remove: fc.nat(12), insert: snippet });
  const mutant = fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) =>
      edits.reduce(
        (now, { at, remove, insert }) => now.slice(0, at) + insert + now.slice(at + remove),
        valid,
      ),
    );

  it('is answered, and nothing unclean gets through', () => {
    fc.assert(
      fc.property(mutant, (body) => {
        const parsed = parseJsonBody(body);
        if (parsed === undefined) return;
        const result = track(parsed.body);
        if (isFatal(result)) return;
        expectClean(result.objects.map(({ commands }) => commands));
        expect(result.objects.length + result.imports.length + result.errors.length).toBe(
          sizeOf(parsed.body),
        );
      }),
      { numRuns: 5000 },
    );
  });
});
