import type { DropReason, Json, JsonObject } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { accepted, customOf, fieldsOf, rulesWith } from '../../testing/parse-one.ts';

const long = (chars: number) => 'x'.repeat(chars);
const nested = (levels: number): Json => (levels === 0 ? 1 : { o: nested(levels - 1) });

describe('custom attributes (user-data API §8.2, §8.3)', () => {
  it.each<[string, Json]>([
    ['true', true],
    ['false', false],
    ['zero', 0],
    ['a float', -12.5],
    ['a big number', 1.7976931348623157e308],
    ['null, which removes', null],
    ['a string', 'Gold'],
    ['an empty string', ''],
    ['spaces', ' x '],
    ['255 characters', long(255)],
    ['255 characters of two units each', '😀'.repeat(255)],
    ['an array', ['a', 1, true, 'a']],
    ['an empty array', []],
    ['dates in an array, as strings', ['2022-01-01', '12/1/2021']],
    ['40 items: the fold keeps the newest', Array.from({ length: 40 }, (_, i) => i)],
    ['an object', { a: 1, b: ['x'], c: { d: false } }],
    ['an empty object', {}],
    ['an array of objects', [{ id: 1 }, { id: 1 }]],
    ['a date inside an object, as a string', { a: '2022-01-01' }],
    ['a year beyond 3000, as a string', '3001-01-01'],
    ['a year before 0, as a string', '-0001-01-01'],
    ['what only looks like a date', '2022-02-30'],
  ])('stores %s as sent', (_, value) => {
    expect(customOf(value)).toEqual({ stored: value });
  });

  it.each<[string, Json, Json]>([
    ['a date', '12/1/2021', { $time: '2021-12-01T00:00:00.000Z' }],
    ['a date with hyphens', '12-1-2021', { $time: '2021-12-01T00:00:00.000Z' }],
    ['a time with a zone', '2022-01-01T00:00:00+01:00', { $time: '2021-12-31T23:00:00.000Z' }],
    ['a time in the future', '2999-12-31', { $time: '2999-12-31T00:00:00.000Z' }],
    ['$time by itself', { $time: '2022-01-01' }, { $time: '2022-01-01T00:00:00.000Z' }],
    [
      '$time inside',
      { a: { b: [{ $time: '1/2/2022' }] } },
      { a: { b: [{ $time: '2022-01-02T00:00:00.000Z' }] } },
    ],
    ['$time in an array', ['x', { $time: '2022-01-01' }], ['x', { $time: '2022-01-01T00:00:00.000Z' }]],
    [
      '$time in an object array',
      [{ id: 1, at: { $time: '2022-01-01' } }],
      [{ id: 1, at: { $time: '2022-01-01T00:00:00.000Z' } }],
    ],
  ])('normalises %s', (_, sent, stored) => {
    expect(customOf(sent)).toEqual({ stored });
  });

  it.each<[string, Json, DropReason]>([
    ['256 characters', long(256), 'string_too_long'],
    ['256 characters of two units each', '😀'.repeat(256), 'string_too_long'],
    ['a long string in an array', ['a', long(256)], 'string_too_long'],
    ['a null in an array', ['a', null], 'mixed_list'],
    ['an array in an array', [['a']], 'mixed_list'],
    ['scalars and objects mixed', [1, { a: 1 }], 'mixed_list'],
    ['a bad time in an array', ['x', { $time: 'soon' }], 'bad_time'],
    ['a bad $time', { $time: 'soon' }, 'bad_time'],
    ['$time null', { $time: null }, 'bad_time'],
    ['$time as a number', { $time: 1670350845 }, 'bad_time'],
    ['$time beyond the year 3000', { a: { $time: '3001-01-01' } }, 'bad_time'],
    ['$time before the year 0', { a: { $time: '-0001-01-01' } }, 'bad_time'],
    ['$time beside other keys', { $time: '2022-01-01', a: 1 }, 'bad_key'],
    ['a null inside', { a: { b: null } }, 'null_inside'],
    ['a null in an array inside', { a: [1, null] }, 'null_inside'],
    ['a null in an object array', [{ a: null }], 'null_inside'],
    ['a long string inside', { a: [long(256)] }, 'string_too_long'],
    ['a space in a key', { 'a b': 1 }, 'bad_key'],
    ['a point in a key', { a: { 'b.c': 1 } }, 'bad_key'],
    ['a $ in a key', { a$b: 1 }, 'bad_key'],
    ['an empty key', { '': 1 }, 'bad_key'],
    ['a long key', { [long(256)]: 1 }, 'bad_key'],
  ])('drops %s, and nothing but it', (_, value, reason) => {
    const { commands, select } = accepted('attributes', {
      external_id: 'u',
      before: 1,
      a: value,
      after: 2,
    });
    expect(commands).toEqual([
      {
        type: 'UpdateAttributes',
        data: { custom: { before: 1, after: 2 }, dropped: [{ name: 'a', reason }] },
      },
    ]);
    expect(select).toEqual({ custom_attributes: ['before', 'a', 'after'] });
  });

  it('makes the profile also where nothing is left to store', () => {
    expect(accepted('attributes', { external_id: 'u', a: long(256) }).commands).toEqual([
      { type: 'UpdateAttributes', data: { dropped: [{ name: 'a', reason: 'string_too_long' }] } },
    ]);
  });

  it('drops what is larger than 100 KB and takes what is just as large', () => {
    const ofBytes = (bytes: number) =>
      Array.from({ length: Math.ceil(bytes / 200) }, (_, i) => long(Math.min(197, bytes - i * 200 - 3)));
    const exact = { a: ofBytes(102_400 - 7).slice(0, -1), b: '' };
    const room = 102_400 - JSON.stringify(exact).length;
    expect(room).toBeGreaterThan(0);
    expect(room).toBeLessThanOrEqual(255);
    expect(customOf({ ...exact, b: long(room) })).toMatchObject({ stored: { b: long(room) } });
    expect(customOf({ ...exact, b: long(room + 1) })).toEqual({ dropped: 'too_large' });
    expect(customOf({ ...exact, b: `${long(room - 1)}é` })).toEqual({ dropped: 'too_large' });
    expect(customOf(ofBytes(200_000))).toEqual({ dropped: 'too_large' });
    expect(customOf({ add: ofBytes(200_000) })).toEqual({ dropped: 'too_large' });
  });

  it('counts 50 levels of one attribute and refuses the object with 51', () => {
    expect(customOf(nested(50))).toEqual({ stored: nested(50) });
    expect(fieldsOf({ a: nested(51) })).toBe("'a' is not valid");
  });
});

describe('names (§8.1)', () => {
  it('takes 255 characters, in any script, also names of object methods', () => {
    const names = [
      long(255),
      '😀'.repeat(255),
      'with space',
      'with.point',
      'a$b',
      'toString',
      'hasOwnProperty',
      '0',
      'custom_attributes',
    ];
    const sent = Object.fromEntries(names.map((name) => [name, 1]));
    const { commands, select } = accepted('attributes', { external_id: 'u', ...sent });
    expect(commands[0]!.data).toEqual({ custom: sent });
    expect(new Set(select.custom_attributes)).toEqual(new Set(names));
  });

  it.each([
    ['$a', '$a'],
    ['$time', '$time'],
    ['', ''],
    [long(256), long(255)],
    [`${long(254)}😀😀`, `${long(254)}\uFFFD`],
  ])('drops the attribute with the name %j alone, and says so', (name, listed) => {
    const sent = { external_id: 'u', before: 1, [name]: 2, first_name: 'Jon', after: 3 };
    const { commands, select } = accepted('attributes', sent);
    expect(commands[0]!.data).toEqual({
      fields: { first_name: 'Jon' },
      custom: { before: 1, after: 3 },
      dropped: [{ name: listed, reason: 'bad_name' }],
    });
    expect(select).toEqual({ custom_attributes: ['before', 'after'] });
  });

  it('lists 20 of the bad names at most', () => {
    const sent = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`$${i}`, i]));
    const { commands } = accepted('attributes', { external_id: 'u', ...sent });
    expect(commands[0]!.data).toMatchObject({ dropped: { length: 20 } });
  });

  it('refuses the object for email_subscription_info', () => {
    expect(fieldsOf({ email_subscription_info: {} })).toBe("'email_subscription_info' is not valid");
  });

  it('drops blocklisted attributes without a trace', () => {
    const rules = rulesWith({ blocklistedAttributes: new Set(['secret']) });
    const parsed = accepted('attributes', { external_id: 'u', secret: 1, open: 2 }, rules);
    expect(parsed.commands[0]!.data).toEqual({ custom: { open: 2 } });
    expect(parsed.select).toEqual({ custom_attributes: ['open'] });
  });
});

describe('operators (§8.4, §8.6)', () => {
  it.each<[string, JsonObject]>([
    ['inc', { inc: 3 }],
    ['a negative inc', { inc: -3 }],
    ['add', { add: ['a', 1, true] }],
    ['remove', { remove: ['a'] }],
    ['add and remove', { add: ['a'], remove: ['b'] }],
    ['add of nothing', { add: [] }],
    ['$add with scalars', { $add: ['a'], $remove: ['b'] }],
    ['$add', { $add: [{ id: 3, type: 'dog' }] }],
    [
      '$update',
      { $update: [{ $identifier_key: 'id', $identifier_value: 4, $new_object: { breed: 'goldfish' } }] },
    ],
    [
      '$remove',
      {
        $remove: [
          { $identifier_key: 'type', $identifier_value: 'cat' },
          { $identifier_key: 'x', $identifier_value: false },
        ],
      },
    ],
    [
      'all three',
      {
        $add: [{ id: 1 }],
        $update: [{ $identifier_key: 'id', $identifier_value: 4, $new_object: {} }],
        $remove: [{ $identifier_key: 'id', $identifier_value: 'x' }],
      },
    ],
    ['inc of a text, a nested object', { inc: 'x' }],
    ['add of a text, a nested object', { add: 'x' }],
    ['add of objects, a nested object', { add: [{ a: 1 }] }],
    ['inc beside another key, a nested object', { inc: 1, by: 2 }],
    ['inc beside add, a nested object', { inc: 1, add: ['a'] }],
  ])('stores %s as sent', (_, value) => {
    expect(customOf(value)).toEqual({ stored: value });
  });

  it('normalises the times in them', () => {
    const [at, iso] = [{ $time: '1/2/2022' }, { $time: '2022-01-02T00:00:00.000Z' }];
    expect(customOf({ add: ['a', at], remove: ['b'] })).toEqual({
      stored: { add: ['a', iso], remove: ['b'] },
    });
    const operator = (time: Json) => ({
      $add: [{ at: time }],
      $update: [{ $identifier_key: 'at', $identifier_value: time, $new_object: { at: time } }],
      $remove: [{ $identifier_key: 'at', $identifier_value: time }],
    });
    expect(customOf(operator(at))).toEqual({ stored: operator(iso) });
  });

  it('leaves out what an operator has no use for', () => {
    const item = { $identifier_key: 'id', $identifier_value: 4 };
    expect(
      customOf({ $update: [{ ...item, $new_object: {}, note: 'x' }], $remove: [{ ...item, note: null }] }),
    ).toEqual({
      stored: { $update: [{ ...item, $new_object: {} }], $remove: [item] },
    });
  });

  const criterion = { $identifier_key: 'id', $identifier_value: 4 };
  it.each<[string, JsonObject, DropReason]>([
    ['inc of a fraction', { inc: 1.5 }, 'not_an_integer'],
    ['inc of a number without exact neighbours', { inc: 2 ** 53 }, 'not_an_integer'],
    ['a long string in add', { add: [long(256)] }, 'string_too_long'],
    ['a long string in $remove', { $remove: [long(256)] }, 'string_too_long'],
    ['a null in add', { add: ['a', null] }, 'null_inside'],
    ['$add of a text', { $add: 'x' }, 'malformed_operator'],
    ['$add of an object', { $add: { id: 1 } }, 'malformed_operator'],
    ['$add null', { $add: null }, 'malformed_operator'],
    ['$add of scalars and objects', { $add: [1, { a: 1 }] }, 'malformed_operator'],
    ['$add of scalars beside $update', { $add: [1], $update: [] }, 'malformed_operator'],
    ['$add with a null inside', { $add: [{ id: null }] }, 'null_inside'],
    ['$add with a bad key', { $add: [{ 'a b': 1 }] }, 'bad_key'],
    ['$update of scalars', { $update: [1] }, 'malformed_operator'],
    ['$update without a key', { $update: [{ $identifier_value: 4, $new_object: {} }] }, 'malformed_operator'],
    [
      '$update without a value',
      { $update: [{ $identifier_key: 'id', $new_object: {} }] },
      'malformed_operator',
    ],
    ['$update without an object', { $update: [criterion] }, 'malformed_operator'],
    [
      '$update with a text for an object',
      { $update: [{ ...criterion, $new_object: 'x' }] },
      'malformed_operator',
    ],
    [
      '$update with a time for an object',
      { $update: [{ ...criterion, $new_object: { $time: '2022-01-01' } }] },
      'malformed_operator',
    ],
    ['$update with a null inside', { $update: [{ ...criterion, $new_object: { a: null } }] }, 'null_inside'],
    [
      '$remove with an object for a value',
      { $remove: [{ ...criterion, $identifier_value: {} }] },
      'malformed_operator',
    ],
    [
      '$remove with an array for a value',
      { $remove: [{ ...criterion, $identifier_value: [1] }] },
      'malformed_operator',
    ],
    [
      '$remove with a number for a key',
      { $remove: [{ ...criterion, $identifier_key: 1 }] },
      'malformed_operator',
    ],
    ['$remove with an empty key', { $remove: [{ ...criterion, $identifier_key: '' }] }, 'malformed_operator'],
    ['an unknown $operator', { $set: [1] }, 'bad_key'],
    ['$add beside data', { $add: [{ a: 1 }], b: 1 }, 'bad_key'],
  ])('drops %s', (_, value, dropped) => {
    expect(customOf(value)).toEqual({ dropped });
  });
});
