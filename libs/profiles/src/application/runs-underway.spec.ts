import { positionAt, type Position } from '@hearth/eventing';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runsUnderway } from './runs-underway.ts';

const at = (offset: number): Position => positionAt('00000000', offset);
const open = () => {
  const reached: Position[] = [];
  return { reached, runs: runsUnderway({ advanceTo: (position) => void reached.push(position) }) };
};

it('the log is applied up to a run once that and all before it are done', async () => {
  const { reached, runs } = open();
  runs.add(at(1), []);
  expect(reached).toEqual([at(1)]);
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  runs.add(at(2), [first.promise]);
  runs.add(at(3), [second.promise]);
  runs.add(at(4), []);
  expect(runs.waiting).toBe(2);
  second.resolve();
  await nextTurn();
  expect(reached).toEqual([at(1)]);
  first.resolve();
  await runs.all();
  expect(reached).toEqual([1, 2, 3, 4].map(at));
  expect(runs.waiting).toBe(0);
  await nextTurn();
  runs.add(at(5), []);
  expect(reached.at(-1)).toBe(at(5));
});

it('nothing after a run that failed counts as applied, and whoever adds is told', async () => {
  const { reached, runs } = open();
  const later = Promise.withResolvers<void>();
  runs.add(at(1), [later.promise]);
  runs.add(at(2), [Promise.reject(new Error('this one'))]);
  runs.add(at(3), []);
  await nextTurn();
  expect(runs.failed.aborted).toBe(true);
  later.resolve();
  await expect(runs.all()).rejects.toThrow('this one');
  runs.add(at(4), []);
  await expect(runs.all()).rejects.toThrow('this one');
  expect(reached).toEqual([at(1)]);
});
