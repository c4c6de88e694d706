import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inOnePiece } from './in-one-piece.ts';

it('is the same text, whatever it holds', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, from) => {
      expect(inOnePiece(text.slice(from))).toBe(text.slice(from));
      expect(inOnePiece(`${text}\ud83e`)).toBe(`${text}\ud83e`);
    }),
  ));
