import type { Json, JsonObject } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { parseOne } from '../../testing/parse-one.ts';

const INVALID = "Invalid 'properties' field";
const long = (chars: number) => 'x'.repeat(chars);

const event = { external_id: 'u', name: 'e', time: '2020-01-01' };
const purchase = { external_id: 'u', product_id: 'p', currency: 'USD', price: 1, time: '2020-01-01' };

const parsed = (array: 'events' | 'purchases', properties: Json): JsonObject | undefined | string => {
  const result = parseOne(array, { ...(array === 'events' ? event : purchase), properties });
  if (typeof result === 'string') return result;
  const command = result.commands.at(-1)!;
  return 'properties' in command.data ? command.data.properties : undefined;
};

describe.each(['events', 'purchases'] as const)('properties of %s (user-data API §9, §10)', (array) => {
  const propertiesOf = (properties: Json) => parsed(array, properties);

  it.each<[string, JsonObject]>([
    ['scalars', { a: 'x', b: 1, c: -0.5, d: true, e: '' }],
    ['times, as the strings they are', { at: '2022-01-01T00:00:00Z', day: '12/1/2021', far: '3001-01-01' }],
    ['arrays and objects', { a: [1, 'x', { b: [] }], o: { p: { q: 1 } } }],
    ['dates in arrays, whatever their year', { a: ['9999-01-01'], b: [['9999-01-01']] }],
    ['a time as nested attributes have it', { o: { at: { $time: '2022-01-01' } } }],
    ['names with spaces, points and $ inside', { 'a b': 1, 'c.d': 2, e$f: 3, Time: 4, toString: 5 }],
    ['255 characters', { [long(255)]: long(255) }],
    ['null inside of arrays', { a: [null, 1] }],
  ])('stores %s as sent', (_, properties) => {
    expect(propertiesOf(properties)).toEqual(properties);
  });

  it.each<[string, JsonObject, JsonObject | undefined]>([
    ['a null', { a: null, b: 1 }, { b: 1 }],
    ['too long a string', { a: long(256), b: 1 }, { b: 1 }],
    ['too long a string inside', { a: { c: [long(256)] }, b: 1 }, { b: 1 }],
    ['too long a name inside', { a: { [long(256)]: 1 }, b: 1 }, { b: 1 }],
    ['a year beyond 3000 inside of an object', { o: { at: '3001-01-01', b: 1 } }, { o: { b: 1 } }],
    ['a year before 0 inside of an object', { a: [{ o: { at: '-0001-01-01' } }] }, { a: [{ o: {} }] }],
    ['such a $time', { o: { at: { $time: '3001-01-01' }, b: 1 } }, { o: { b: 1 } }],
    ['everything', { a: null }, undefined],
  ])('leaves out %s', (_, sent, stored) => {
    expect(propertiesOf(sent)).toEqual(stored);
  });

  it('takes none, null and empty for none', () => {
    expect(propertiesOf(null)).toBeUndefined();
    expect(propertiesOf({})).toBeUndefined();
  });

  it('keeps the first 256, nulls not counted', () => {
    const names = Array.from({ length: 300 }, (_, i) => `p${i}`);
    const sent = Object.fromEntries(names.map((name, i) => [name, i === 0 ? null : i]));
    expect(Object.keys(propertiesOf(sent) as JsonObject)).toEqual(names.slice(1, 257));
  });

  it.each<[string, Json]>([
    ['a text', 'x'],
    ['an array', []],
    ['a number', 1],
    ['true', true],
    ['a reserved name: time', { time: '2020-01-01' }],
    ['a reserved name with null', { time: null }],
    ['a reserved name: event_name', { event_name: 'x' }],
    ['a $ in front', { $a: 1 }],
    ['an empty name', { '': 1 }],
    ['too long a name', { [long(256)]: 1 }],
  ])('refuses the object for %s', (_, properties) => {
    expect(propertiesOf(properties)).toBe(INVALID);
  });

  it('refuses more than 100 KB where any property is an array or object', () => {
    const items = Array.from({ length: 500 }, () => long(200));
    expect(typeof propertiesOf({ items })).toBe('object');
    expect(propertiesOf({ items, more: items.slice(0, 20) })).toBe(INVALID);
    expect(propertiesOf({ items: [...items, ...items], last: 1 })).toBe(INVALID);
    const euros = Array.from({ length: 180 }, () => '€'.repeat(200));
    expect(propertiesOf({ euros })).toBe(INVALID);
    const flat = Object.fromEntries(
      Array.from({ length: 256 }, (_, i) => [`${i}${long(200)}`, '€'.repeat(255)]),
    );
    expect(propertiesOf(flat)).toEqual(flat);
  });
});

it.each(['product_id', 'quantity', 'price', 'currency'])('reserves %s for purchases only', (name) => {
  expect(parsed('purchases', { [name]: 'x' })).toBe(INVALID);
  expect(parsed('events', { [name]: 'x' })).toEqual({ [name]: 'x' });
});
