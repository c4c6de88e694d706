import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyJson, EncodedJson, encodeJson } from './json-payload.ts';

const anything = fc.anything({
  withDate: true,
  withNullPrototype: true,
  withObjectString: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
});

describe('a copied payload', () => {
  it('is what a trip through JSON text makes of it', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(copyJson(value)).toStrictEqual(JSON.parse(JSON.stringify(value) ?? 'null'));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the value of text that was encoded before', () => {
    expect(copyJson(new EncodedJson('[1,2]'))).toEqual([1, 2]);
    expect(encodeJson(new EncodedJson('[1,2]'))).toBe('[1,2]');
  });

  it('is refused where it has no end', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    for (const take of [copyJson, encodeJson])
      expect(() => take(circle)).toThrow(expect.objectContaining({ code: 'invalid_payload' }));
  });
});
