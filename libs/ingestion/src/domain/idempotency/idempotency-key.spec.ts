import { expect, it } from 'vitest';

import { readIdempotencyKey } from './idempotency-key.ts';

it.each([
  ['"k-1"', 'k-1'],
  ['k-1', 'k-1'],
  [' k-1 ', 'k-1'],
  ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  [String.raw`"a \"b\" \\ c, d"`, String.raw`a "b" \ c, d`],
  ['x'.repeat(255), 'x'.repeat(255)],
])('%s is a key', (header, key) => expect(readIdempotencyKey(header)).toEqual({ key }));

it.each([
  ['', 'not one key'],
  ['""', 'empty'],
  [`"${'x'.repeat(256)}"`, '255'],
  ['x'.repeat(256), '255'],
  ['two words', 'not one key'],
  ['one, two', 'not one key'],
  ['"open', 'not one key'],
  ['"inside"out"', 'not one key'],
  ['"with";parameter', 'not one key'],
  ['sch\u00f6n', 'not one key'],
  ['"tab\there"', 'not one key'],
])('%s is broken', (header, reason) =>
  expect(readIdempotencyKey(header)).toEqual({ broken: expect.stringContaining(reason) }),
);

it('a header sent twice is broken', () =>
  expect(readIdempotencyKey(['a', 'b'])).toEqual({ broken: expect.stringContaining('more than once') }));
