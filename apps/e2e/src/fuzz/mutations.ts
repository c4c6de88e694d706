import type { Json } from '@hearth/contracts';

import type { Random } from './random.ts';
import { objectsIn, put, spotsIn, take, type Spot } from './tree.ts';
import { hugeNumbers, nested, oddNames, oddTexts, wrongTypes } from './values.ts';

/** Changes a valid body in place. */
export type TreeMutation = (root: Json, random: Random) => void;

/** Changes the text of a body. */
export type TextMutation = (text: string, random: Random) => string | Uint8Array<ArrayBuffer>;

const copyOf = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

const somewhere =
  (change: (spot: Spot, random: Random) => void): TreeMutation =>
  (root, random) => {
    const spots = spotsIn(root);
    if (spots.length > 0) change(random.pick(spots), random);
  };

const replacedBy = (values: readonly Json[]): TreeMutation =>
  somewhere((spot, random) => put(spot, copyOf(random.pick(values))));

/** Mutations that know the structure of JSON, by what they are called in the report. */
export const treeMutations: Readonly<Record<string, TreeMutation>> = {
  'wrong type': replacedBy(wrongTypes),
  'missing key': somewhere((spot) => take(spot)),
  'extra key': (root, random) => {
    const parent = random.pick(objectsIn(root));
    put({ parent, key: random.pick(oddNames) }, random.pick([...wrongTypes, ...oddTexts]));
  },
  'prototype name': (root, random) => {
    const parent = random.pick(objectsIn(root));
    const key = random.pick(['__proto__', 'constructor', 'prototype']);
    put({ parent, key }, random.pick<Json>([{ admin: true }, null, 1, { prototype: { admin: true } }]));
  },
  'renamed key': somewhere(({ parent, key, value }, random) => {
    if (Array.isArray(parent)) return;
    take({ parent, key });
    put({ parent, key: random.pick([...oddNames, key.toUpperCase()]) }, value);
  }),
  'huge number': replacedBy(hugeNumbers),
  'odd text': replacedBy(oddTexts),
  'deep nesting': somewhere((spot, random) =>
    put(spot, nested(spot.value, random.pick([49, 50, 51, 60, 500]), random.chance(0.5))),
  ),
  'swapped values': (root, random) => {
    const spots = spotsIn(root);
    if (spots.length < 2) return;
    const [one, other] = [random.pick(spots), random.pick(spots)];
    put(one, copyOf(other.value));
  },
  'many entries': somewhere((spot, random) => {
    const entries = Array.isArray(spot.value) ? (spot.value as readonly Json[]) : [spot.value];
    const times = random.pick([2, 26, 51, 76]);
    put(spot, Array.from({ length: times }, () => entries).flat());
  }),
  'large value': somewhere((spot, random) =>
    put(
      spot,
      random.pick<Json>(['x'.repeat(20_000), Object.fromEntries(manyKeys(random.pick([257, 2_000])))]),
    ),
  ),
};

const manyKeys = (count: number): [string, Json][] =>
  Array.from({ length: count }, (_, index) => [`k${index}`, index]);

/** Mutations of the text, which leave no valid JSON behind, or JSON that readers disagree on. */
export const textMutations: Readonly<Record<string, TextMutation>> = {
  'duplicate key': (text, random) => {
    const keys = [...text.matchAll(/"[^"\\]*":/g)];
    if (keys.length === 0) return text;
    const { index, 0: key } = random.pick(keys);
    return `${text.slice(0, index)}${key}${random.pick(['null', '1', '"x"', '{}'])},${text.slice(index)}`;
  },
  'cut short': (text, random) => text.slice(0, random.below(text.length)),
  'changed characters': (text, random) => {
    const at = random.below(text.length);
    const inserted = random.pick([
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      '\\u0000',
      '1e999',
      '-',
      '\u0000',
      '//',
    ]);
    return text.slice(0, at) + inserted + text.slice(at + random.below(4));
  },
  'invalid UTF-8': (text, random) => {
    const bytes = new TextEncoder().encode(text);
    bytes[random.below(bytes.length)] = random.pick([0x80, 0xc0, 0xed, 0xff]);
    return bytes;
  },
  'no object': (_text, random) =>
    random.pick([
      '',
      'null',
      '[]',
      '1',
      '"x"',
      'true',
      '[{}]',
      '{}',
      '\ufeff{}',
      '{}{}',
      `${'['.repeat(50_000)}`,
    ]),
};
