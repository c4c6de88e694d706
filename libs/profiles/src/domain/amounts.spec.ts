import { expect, it } from 'vitest';
import { roundedAmount } from './amounts.ts';

it.each([
  [0.1 + 0.2, 0.3],
  [0.3 - 0.1 - 0.2, 0],
  [-0.1 - 0.2 + 0.3, 0],
  [9.99 * 3, 29.97],
  [-9.99, -9.99],
  [0.12345678, 0.12345678],
  [2 ** 52 + 1, 2 ** 52 + 1],
  [123456789.1 + 0.2, 123456789.3],
  [1.5e300, 1.5e300],
  [Infinity, Infinity],
])('an amount of %d is %d', (amount, rounded) => {
  expect(Object.is(roundedAmount(amount), rounded)).toBe(true);
});
