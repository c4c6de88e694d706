import type { Json, JsonObject } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { parseOne } from '../../testing/parse-one.ts';
import { isFatal } from './errors.ts';
import { parseJsonBody } from './json-body.ts';
import { defaultTrackRules } from './track-rules.ts';
import { parseTrack } from './track-request.ts';
import { inspect } from './unsafe-values.ts';

const BASE = {
  attributes: { external_id: 'u' },
  events: { external_id: 'u', name: 'e', time: '2020-01-01' },
  purchases: { external_id: 'u', product_id: 'p', currency: 'USD', price: 1, time: '2020-01-01' },
} as const;

/** The error of an object whose text is given, because some of these values cannot be written as literals. */
const errorOf = (array: keyof typeof BASE, members: string): string | undefined => {
  const parsed = parseJsonBody(`{"${array}":[${JSON.stringify(BASE[array]).slice(0, -1)},${members}}]}`);
  if (parsed === undefined) return 'no JSON';
  const result = parseTrack(parsed.body, defaultTrackRules, 0);
  return isFatal(result) ? result.errors?.[0]?.type : undefined;
};

describe.each(['attributes', 'events', 'purchases'] as const)('what no object of %s may hold', (array) => {
  it.each([
    ['NUL in a value', String.raw`"field":"a\u0000b"`],
    ['NUL alone', String.raw`"field":"\u0000"`],
    ['NUL deep down', String.raw`"field":[{"x":{"y":["\u0000"]}}]`],
    ['NUL in a key deep down', String.raw`"field":{"x":{"\u0000":1}}`],
    ['half of a surrogate pair', String.raw`"field":"\ud83d"`],
    ['the other half', String.raw`"field":["\ude00"]`],
    ['halves in the wrong order', String.raw`"field":"\ude00\ud83d"`],
    ['half of a pair in a key', String.raw`"field":{"\ud83d":1}`],
    ['a number beyond all numbers', `"field":1e999`],
    ['one such number deep down', `"field":{"x":[-1e999]}`],
    ['51 levels', `"field":${'['.repeat(51)}${']'.repeat(51)}`],
    ['51 levels of objects', `"field":${'{"a":'.repeat(51)}1${'}'.repeat(51)}`],
    ['100,000 levels', `"field":${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('%s', (_, members) => {
    expect(errorOf(array, members)).toBe("'field' is not valid");
  });

  it('the key __proto__ at any depth', () => {
    const key = '__proto__';
    for (const members of [
      `"${key}":1`,
      `"${key}":{"polluted":true}`,
      `"field":{"${key}":{}}`,
      `"field":[[{"a":{"${key}":null}}]]`,
      `"properties":{"${key}":1}`,
      `"user_alias":{"${key}":1}`,
    ])
      expect(errorOf(array, members)).toBe(`'${key}' is not valid`);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('in ignored fields either', () => {
    expect(errorOf(array, String.raw`"bio":"\u0000"`)).toBe("'bio' is not valid");
  });

  it('and a bad name is shown in a printable form, cut to size', () => {
    expect(errorOf(array, String.raw`"a\u0000\ud83d":1`)).toBe("'a\uFFFD\uFFFD' is not valid");
    expect(errorOf(array, `"${'x'.repeat(10_000)}\\u0000":1`)).toBe(`'${'x'.repeat(255)}' is not valid`);
    expect(errorOf(array, `"${'x'.repeat(254)}😀\\u0000":1`)).toBe(`'${'x'.repeat(254)}\uFFFD' is not valid`);
  });
});

describe('what is not mistaken for it', () => {
  it.each<[string, Json]>([
    ['whole surrogate pairs', '😀'],
    ['escaped text that reads like NUL', String.raw`\u0000`],
    ['other control characters', '\u0001\n\u007f'],
    ['keys that contain a prototype name', { my__proto__: 1, constructors: 2 }],
    ['keys that only lead to a prototype', { constructor: { prototype: { polluted: true } }, prototype: 1 }],
    ['prototype names as values', ['__proto__', 'constructor', 'prototype']],
    ['the largest number', Number.MAX_VALUE],
  ])('%s', (_, value) => {
    expect(typeof parseOne('attributes', { external_id: 'u', field: value })).toBe('object');
  });
});

it('never measures an object as smaller than its JSON', () => {
  const objects: readonly JsonObject[] = [
    {},
    { a: '\u0001'.repeat(100) },
    { '"': '\\"'.repeat(50), n: -1.7976931348623157e308, m: 5e-324, t: [true, null, [[]], {}] },
    { 'é€😀': ['é€😀'] },
  ];
  for (const object of objects)
    expect(inspect(object)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(object)) - 2);
});
