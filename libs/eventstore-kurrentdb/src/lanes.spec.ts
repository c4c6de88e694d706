import { expect, it } from 'vitest';
import { lanes } from './lanes.ts';

it('runs tasks of one name in order, those of another beside them, and goes on after a failure', async () => {
  const lane = lanes();
  const done: string[] = [];
  let release = (): void => undefined;
  const first = lane('a', async () => {
    await new Promise<void>((resolve) => (release = resolve));
    done.push('a1');
    throw new Error('failed');
  });
  const second = lane('a', async () => done.push('a2'));
  await lane('b', async () => done.push('b1'));
  release();
  await expect(first).rejects.toThrow('failed');
  await second;
  expect(done).toEqual(['b1', 'a1', 'a2']);
});
