import type { Json } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';
import { attributeAfter } from '../../testing/profile-events.ts';

const at = (iso: string): Json => ({ $time: iso });
const nested = (depth: number): Json => (depth === 0 ? 1 : { k: nested(depth - 1) });

describe('a plain value', () => {
  it.each([['gold'], [''], [' spaced '], [7], [-1.5], [true], [false]])('%j is stored as sent', (value) =>
    expect(attributeAfter(value)).toEqual({ value, rejected: [] }),
  );
  it('replaces whatever was there', () => expect(attributeAfter({ x: 1 }, [1], 'gold').value).toBe('gold'));
  it('is removed by null', () =>
    expect(attributeAfter('gold', null)).toEqual({ value: undefined, rejected: [] }));
  it('keeps the old value where a text is too long', () =>
    expect(attributeAfter('gold', 'x'.repeat(256))).toEqual({
      value: 'gold',
      rejected: ['string_too_long'],
    }));
  it('counts characters, not their halves', () => {
    expect(attributeAfter('😀'.repeat(255)).rejected).toEqual([]);
    expect(attributeAfter('😀'.repeat(256)).rejected).toEqual(['string_too_long']);
  });
  it('stores a time in its one spelling', () => {
    expect(attributeAfter(at('2024-02-29T12:00:00+02:00')).value).toEqual(at('2024-02-29T10:00:00.000Z'));
    expect(attributeAfter(at('2024-02-29')).value).toEqual(at('2024-02-29T00:00:00.000Z'));
    expect(attributeAfter(at('2024-02-29T12:00:00')).value).toEqual(at('2024-02-29T12:00:00.000Z'));
  });
  it.each(['soon', '2024-13-01', '3001-01-01T00:00:00.000Z', 7, null])('refuses the time %j', (time) =>
    expect(attributeAfter({ $time: time })).toEqual({ value: undefined, rejected: ['bad_time'] }),
  );
});

describe('inc', () => {
  it('starts at zero', () => expect(attributeAfter({ inc: 2 }, { inc: 2 }).value).toBe(4));
  it('may go down', () => expect(attributeAfter(5, { inc: -7 }).value).toBe(-2));
  it('leaves a fraction alone', () =>
    expect(attributeAfter(1.5, { inc: 1 })).toEqual({ value: 1.5, rejected: ['not_an_integer'] }));
  it('leaves a text alone', () =>
    expect(attributeAfter('5', { inc: 1 })).toEqual({ value: '5', rejected: ['not_an_integer'] }));
  it('takes integers only', () =>
    expect(attributeAfter(5, { inc: 0.5 })).toEqual({ value: 5, rejected: ['not_an_integer'] }));
  it('stops where sums are no longer exact', () =>
    expect(attributeAfter(Number.MAX_SAFE_INTEGER, { inc: 1 })).toEqual({
      value: Number.MAX_SAFE_INTEGER,
      rejected: ['number_overflow'],
    }));
  it('is data where its value is no number, or it is not alone', () => {
    expect(attributeAfter({ inc: 'x' }).value).toEqual({ inc: 'x' });
    expect(attributeAfter({ inc: 1, by: 2 }).value).toEqual({ inc: 1, by: 2 });
  });
});

describe('a list of scalars', () => {
  it('holds each value once', () =>
    expect(attributeAfter(['hotdog', 'hotdog', 'hotdog', 'pizza']).value).toEqual(['hotdog', 'pizza']));
  it('reads as if its items were added in turn', () =>
    expect(attributeAfter(['a', 'b', 'a']).value).toEqual(['b', 'a']));
  it('moves a repeated value to the end', () =>
    expect(attributeAfter(['hotdog', 'pizza'], { add: ['hotdog'] }).value).toEqual(['pizza', 'hotdog']));
  it('tells 1 from "1" and true', () =>
    expect(attributeAfter([1, '1', true], { remove: ['1'] }).value).toEqual([1, true]));
  it('is made by add', () => expect(attributeAfter({ add: ['a'] }).value).toEqual(['a']));
  it('is not made by remove', () =>
    expect(attributeAfter({ remove: ['a'] })).toEqual({ value: undefined, rejected: [] }));
  it('is empty when its last item is removed', () =>
    expect(attributeAfter(['a'], { remove: ['a'] }).value).toEqual([]));
  it('adds before it removes', () =>
    expect(attributeAfter(['a'], { add: ['b', 'c'], remove: ['a', 'c'] }).value).toEqual(['b']));
  it('drops the oldest when it is full, and says so', () => {
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    const added = attributeAfter(...numbers.map((n) => ({ add: [n] })));
    expect(added.value).toEqual(numbers.slice(5));
    expect(added.rejected).toEqual(Array(5).fill('list_limit'));
    expect(attributeAfter(numbers)).toEqual({ value: numbers.slice(5), rejected: ['list_limit'] });
  });
  it('is not full of repeats', () =>
    expect(attributeAfter(Array(40).fill('a'))).toEqual({ value: ['a'], rejected: [] }));
  it('takes times, each once', () =>
    expect(attributeAfter([at('2024-01-01'), at('2024-01-01T00:00:00.000Z'), 'x']).value).toEqual([
      at('2024-01-01T00:00:00.000Z'),
      'x',
    ]));
  it('takes $add and $remove for add and remove', () =>
    expect(attributeAfter(['a'], { $add: ['b'] }, { $remove: ['a'] }).value).toEqual(['b']));
  it.each([
    [{ add: ['x'] }, 'gold', 'not_a_list'],
    [{ remove: ['x'] }, { k: 1 }, 'not_a_list'],
    [{ add: ['x'.repeat(256)] }, ['a'], 'string_too_long'],
    [['ok', 'x'.repeat(256)], ['a'], 'string_too_long'],
    [['a', null], ['a'], 'mixed_list'],
    [['a', { k: 1 }], ['a'], 'mixed_list'],
    [[['a']], ['a'], 'mixed_list'],
  ])('%j on %j changes nothing: %s', (sent, found, reason) =>
    expect(attributeAfter(found as Json, sent as Json)).toEqual({ value: found, rejected: [reason] }),
  );
});

describe('a nested object', () => {
  it('replaces the stored one', () => expect(attributeAfter({ k1: 1 }, { k2: 1 }).value).toEqual({ k2: 1 }));
  it('is merged deeply on demand, lists replaced', () =>
    expect(
      attributeAfter({ a: { x: 1, l: [1, 2] }, b: 1 }, { merge: { a: { y: 2, l: [3] } } }).value,
    ).toEqual({ a: { x: 1, y: 2, l: [3] }, b: 1 }));
  it('replaces what is no object, also when merging', () =>
    expect(attributeAfter('gold', { merge: { k: 1 } }).value).toEqual({ k: 1 }));
  it('does not merge into a time', () =>
    expect(attributeAfter({ t: at('2024-01-01') }, { merge: { t: { k: 1 } } }).value).toEqual({
      t: { k: 1 },
    }));
  it('takes operators inside it for data', () =>
    expect(attributeAfter({ n: { inc: 1 } }).value).toEqual({ n: { inc: 1 } }));
  it('spells times one way', () =>
    expect(attributeAfter({ a: [{ t: at('2024-01-01') }] }).value).toEqual({
      a: [{ t: at('2024-01-01T00:00:00.000Z') }],
    }));
  it.each<[Json, string]>([
    [{ a: { b: null } }, 'null_inside'],
    [{ a: [null] }, 'null_inside'],
    [{ a: at('soon') }, 'bad_time'],
    [{ a: { $time: null } }, 'bad_time'],
    [{ a: { $time: '2024-01-01', b: 1 } }, 'bad_key'],
    [{ 'a b': 1 }, 'bad_key'],
    [{ 'a.b': 1 }, 'bad_key'],
    [{ $a: 1 }, 'bad_key'],
    [{ ['x'.repeat(256)]: 1 }, 'bad_key'],
    [{ a: 'x'.repeat(256) }, 'string_too_long'],
    [nested(51), 'too_deep'],
    [{ a: Array.from({ length: 500 }, (_, n) => `${n}`.padEnd(250, 'x')) }, 'too_large'],
  ])('is voided as a whole by %j: %s', (sent, reason) =>
    expect(attributeAfter({ old: 1 }, sent)).toEqual({ value: { old: 1 }, rejected: [reason] }),
  );
  it('may be 50 levels deep', () => expect(attributeAfter(nested(50)).rejected).toEqual([]));
  it('may not outgrow 100 KB by merging', () => {
    const half = (key: string): Json => ({
      [key]: Array.from({ length: 250 }, (_, n) => `${n}`.padEnd(250, 'x')),
    });
    expect(attributeAfter(half('a'), { merge: half('b') })).toEqual({
      value: half('a'),
      rejected: ['too_large'],
    });
  });
  it('holds keys as data', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"x":1}}') as Json;
    const merged = attributeAfter(hostile, { merge: JSON.parse('{"__proto__":{"more":1}}') as Json }).value;
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":true,"more":1},"constructor":{"x":1}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('a list of objects', () => {
  const pets: Json = [
    { id: 1, type: 'cat' },
    { id: 2, type: 'dog' },
    { id: 3, type: 'cat' },
  ];
  const update = (value: Json, $new_object: Json, key = 'id'): Json => ({
    $update: [{ $identifier_key: key, $identifier_value: value, $new_object }],
  });
  const remove = (key: string, value: Json): Json => ({
    $remove: [{ $identifier_key: key, $identifier_value: value }],
  });

  it('has no limit on items', () => {
    const many = Array.from({ length: 100 }, (_, id) => ({ id }));
    expect(attributeAfter(many)).toEqual({ value: many, rejected: [] });
  });
  it('appends without a look for repeats, and is made by $add', () =>
    expect(attributeAfter({ $add: [{ id: 1 }] }, { $add: [{ id: 1 }] }).value).toEqual([
      { id: 1 },
      { id: 1 },
    ]));
  it('replaces the matched item unless merging', () => {
    expect(attributeAfter(pets, update(2, { breed: 'lab' })).value).toEqual([
      { id: 1, type: 'cat' },
      { breed: 'lab' },
      { id: 3, type: 'cat' },
    ]);
    expect(attributeAfter(pets, { merge: update(2, { breed: 'lab' }) }).value).toEqual([
      { id: 1, type: 'cat' },
      { id: 2, type: 'dog', breed: 'lab' },
      { id: 3, type: 'cat' },
    ]);
  });
  it('updates every match', () =>
    expect(attributeAfter(pets, { merge: update('cat', { fed: true }, 'type') }).value).toEqual([
      { id: 1, type: 'cat', fed: true },
      { id: 2, type: 'dog' },
      { id: 3, type: 'cat', fed: true },
    ]));
  it('removes every match', () =>
    expect(attributeAfter(pets, remove('type', 'cat')).value).toEqual([{ id: 2, type: 'dog' }]));
  it('tells 1 from "1"', () => expect(attributeAfter(pets, remove('id', '1')).value).toEqual(pets));
  it('matches times however they are spelt', () =>
    expect(
      attributeAfter([{ t: at('2024-01-01') }], remove('t', at('2024-01-01T00:00:00+00:00'))).value,
    ).toEqual([]));
  it('updates, then removes, then adds', () =>
    expect(
      attributeAfter(pets, {
        merge: {
          $add: [{ id: 4, type: 'cat' }],
          ...(remove('type', 'cat') as object),
          ...(update(2, { type: 'cat' }) as object),
        },
      }).value,
    ).toEqual([{ id: 4, type: 'cat' }]));
  it('is left missing by $update and $remove', () => {
    expect(attributeAfter(update(1, { a: 1 }))).toEqual({ value: undefined, rejected: [] });
    expect(attributeAfter(remove('id', 1))).toEqual({ value: undefined, rejected: [] });
  });
  it.each<[Json, Json, string]>([
    [{ $add: [{ a: null }] }, pets, 'null_inside'],
    [{ $add: [{ a: 1 }, 'x'] }, pets, 'malformed_operator'],
    [{ $add: 'x' }, pets, 'malformed_operator'],
    [update(1, 'x'), pets, 'malformed_operator'],
    [{ $update: [{ $identifier_key: 'id' }] }, pets, 'malformed_operator'],
    [{ $remove: [{ $identifier_key: 'id', $identifier_value: { a: 1 } }] }, pets, 'malformed_operator'],
    [{ $add: [{ a: 1 }] }, ['scalar'], 'not_an_object_list'],
    [{ $add: [{ a: 1 }] }, 'gold', 'not_an_object_list'],
    [{ $add: Array.from({ length: 500 }, () => ({ a: 'x'.repeat(250) })) }, pets, 'too_large'],
  ])('%j changes nothing', (sent, found, reason) =>
    expect(attributeAfter(found, sent)).toEqual({ value: found, rejected: [reason] }),
  );
});
