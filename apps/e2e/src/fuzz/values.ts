import type { Json } from '@hearth/contracts';

/** Values that break what takes them for something else. */
export const wrongTypes: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  '',
  'x',
  [],
  {},
  [null],
  [[]],
  { a: null },
];

export const hugeNumbers: readonly Json[] = [
  2 ** 31,
  2 ** 53,
  -(2 ** 53) - 2,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  5e-324,
  1e21,
  0.1 + 0.2,
];

/** Text at the edges of Unicode, of lengths and of what other layers read into it. */
export const oddTexts: readonly string[] = [
  '\0',
  'a\0b',
  '\ud800',
  '\udc00x',
  '\u{1f600}'.repeat(300),
  '\u202eabc\u202c',
  'e\u0301',
  'ﬀ',
  '\ufeff',
  '\u2028\u2029',
  'İ',
  'ß@Straße.de',
  'x'.repeat(255),
  'x'.repeat(256),
  'é'.repeat(494),
  'x'.repeat(5_000),
  '../../etc/passwd',
  "'; DROP TABLE profiles; --",
  '{{content_blocks.${x}}}',
  '*.>',
  'user_00-abc',
  '\r\nX-Injected: 1',
  '2022-13-45',
  '99999-01-01T00:00:00Z',
  '-0001-01-01',
  '12/1/2021',
  'NaN',
  '1e999',
];

export const oddNames: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'then',
  'toJSON',
  '0',
  '-1',
  '',
  ' ',
  '$',
  '$add',
  '$time',
  'a.b',
  'length',
  'external_id',
  'message',
  '\ud800',
  'k'.repeat(300),
];

/** Levels upon levels around a value. */
export const nested = (value: Json, levels: number, inArrays: boolean): Json => {
  let wrapped = value;
  for (let level = 0; level < levels; level++) wrapped = inArrays ? [wrapped] : { k: wrapped };
  return wrapped;
};
