import { expect, it } from 'vitest';

import { createLanes } from './lanes.ts';

const deferred = () => Promise.withResolvers<void>();

it('runs the tasks of one key in order and those of others at once', async () => {
  const lanes = createLanes();
  const gate = deferred();
  const seen: string[] = [];
  const first = lanes('a', async () => {
    await gate.promise;
    seen.push('a1');
  });
  const second = lanes('a', async () => void seen.push('a2'));
  await lanes('b', async () => void seen.push('b1'));
  expect(seen).toEqual(['b1']);
  gate.resolve();
  await Promise.all([first, second]);
  expect(seen).toEqual(['b1', 'a1', 'a2']);
});

it('goes on after a failure, and the failure reaches its own caller only', async () => {
  const lanes = createLanes();
  const failing = lanes('a', () => Promise.reject(new Error('no')));
  const next = lanes('a', async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  await expect(next).resolves.toBe('yes');
});

it('a task in several lanes waits for those before it in each, and others for it', async () => {
  const lanes = createLanes();
  const [gate, held] = [deferred(), deferred()];
  const seen: string[] = [];
  const before = lanes('a', async () => {
    await gate.promise;
    seen.push('a1');
  });
  const both = lanes.together(['a', 'b'], async () => {
    seen.push('both');
    await held.promise;
  });
  const after = lanes('b', async () => void seen.push('b2'));
  const behind = lanes.together(['b', 'c'], async () => void seen.push('b and c'));
  expect(['a', 'b', 'c', 'd'].map((key) => lanes.isFree(key))).toEqual([false, false, false, true]);
  await lanes('d', async () => void seen.push('d1'));
  gate.resolve();
  await before;
  await lanes('d', async () => undefined);
  expect(seen).toEqual(['d1', 'a1', 'both']);
  held.resolve();
  await Promise.all([both, after, behind]);
  expect(seen).toEqual(['d1', 'a1', 'both', 'b2', 'b and c']);
  await new Promise(setImmediate);
  expect(['a', 'b', 'c', 'd'].every((key) => lanes.isFree(key))).toBe(true);
});
