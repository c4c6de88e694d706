import { expect, it } from 'vitest';
import { START } from '@kurrent/kurrentdb-client';
import { comparePositions } from '@hearth/eventing';
import { offsetOf, toClientPosition, toPosition } from './log-position.ts';

it('prints a position of the server as nineteen digits and gets it back', () => {
  const position = toPosition('0badcafe', { commit: 161_306_497n, prepare: 161_306_497n });
  expect(position).toBe('0badcafe:0000000000161306497');
  expect(toClientPosition(offsetOf(position))).toEqual({ commit: 161_306_497n, prepare: 161_306_497n });
});

it('holds the largest position a log can have, in order', () => {
  const [first, last] = [9n, 9_223_372_036_854_775_807n].map((at) =>
    toPosition('0badcafe', { commit: at, prepare: at }),
  );
  expect(offsetOf(last!)).toBe(9_223_372_036_854_775_807n);
  expect(comparePositions(first!, last!)).toBeLessThan(0);
});

it('reads from the start of the log at offset 0, where no record of its own stands', () => {
  expect(toClientPosition(0n)).toBe(START);
});
