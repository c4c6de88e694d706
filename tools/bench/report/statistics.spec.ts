import { describe, expect, it } from 'vitest';
import { median, medianRatio } from './statistics.ts';

describe('median', () => {
  it('is the middle, or half way between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 9])).toBe(3);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });
});

describe('medianRatio', () => {
  it('compares round by round, so that a slow round does not count against one side', () => {
    expect(medianRatio([200, 20, 180], [100, 10, 100])).toBe(2);
  });

  it('leaves out rounds without a counterpart', () => {
    expect(medianRatio([3, 4], [1])).toBe(3);
  });
});
