import { expect, it } from 'vitest';
import { occasionally } from './occasionally.ts';

it('does at once what is asked first, and then once in an interval', () => {
  const done: number[] = [];
  let now = 0;
  const work = occasionally(
    10,
    (value: number) => void done.push(value),
    () => now,
  );
  for (now of [0, 1, 9, 10, 11, 25]) work(now);
  expect(done).toEqual([0, 10, 25]);
});
