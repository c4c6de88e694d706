import fc from 'fast-check';
import { expect, it } from 'vitest';

import { fitsIn } from './json-bytes.ts';
import { utf8Bytes } from './utf8-bytes.ts';

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

it.each(['', 'a', '\u007f', '\u0080', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '😀', '€é😀x'])(
  'counts %j as an encoder does',
  (text) => {
    expect(utf8Bytes(text)).toBe(bytesOf(text));
  },
);

it('counts any well-formed text as an encoder does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Bytes(text)).toBe(bytesOf(text));
    }),
  );
});

it('fits a value in exactly the bytes of its JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const sent = JSON.parse(JSON.stringify(value)) as Parameters<typeof fitsIn>[1];
      const bytes = bytesOf(JSON.stringify(sent).toWellFormed());
      expect(fitsIn(bytes, sent)).toBe(true);
      expect(fitsIn(bytes - 1, sent)).toBe(false);
    }),
  );
});
