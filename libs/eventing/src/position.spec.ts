import { describe, expect, it } from 'vitest';
import { comparePositions, parsePosition, positionAt } from './position.ts';

describe('positionAt', () => {
  const offsets = [0, 1, 999, 1_000, 1_001, 999_999, 1_000_000, 123_456_789_012, Number.MAX_SAFE_INTEGER];

  it('writes the offset in 19 digits behind the id of the store, whatever was written before', () => {
    for (const offset of [...offsets, ...offsets.toReversed()])
      for (const storeId of ['0123abcd', 'ffffffff'])
        for (const given of [offset, BigInt(offset)])
          expect(positionAt(storeId, given)).toBe(`${storeId}:${String(offset).padStart(19, '0')}`);
  });

  it('writes what is read again, in the order of the offsets', () => {
    const positions = offsets.map((offset) => positionAt('0123abcd', offset));
    expect(positions.map((position) => parsePosition(position).offset)).toEqual(offsets.map(BigInt));
    for (const [nth, position] of positions.slice(1).entries())
      expect(comparePositions(positions[nth]!, position)).toBe(-1);
  });
});
