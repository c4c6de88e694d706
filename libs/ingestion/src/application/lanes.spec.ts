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

it('a task in several free lanes begins at once, and others wait for it in each', async () => {
  const lanes = createLanes();
  const held = deferred();
  const seen: string[] = [];
  const both = lanes.inFree(['a', 'b'], async () => {
    seen.push('both');
    await held.promise;
  });
  const after = lanes('b', async () => void seen.push('b2'));
  const last = lanes('b', async () => void seen.push('b3'));
  expect(['a', 'b', 'c'].map((key) => lanes.isFree(key))).toEqual([false, false, true]);
  await lanes('c', async () => void seen.push('c1'));
  expect(seen).toEqual(['both', 'c1']);
  held.resolve();
  await both;
  expect(lanes.isFree('b')).toBe(false);
  await Promise.all([after, last]);
  expect(seen).toEqual(['both', 'c1', 'b2', 'b3']);
  await new Promise(setImmediate);
  expect(['a', 'b', 'c'].every((key) => lanes.isFree(key))).toBe(true);
});
