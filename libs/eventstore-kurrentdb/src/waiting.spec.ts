import { expect, it } from 'vitest';
import { CallTimeout } from './client-failure.ts';
import { backOff, pause, within } from './waiting.ts';

it('gives a call up that does not settle, and passes on one that does', async () => {
  await expect(within(1, new Promise(() => undefined))).rejects.toBeInstanceOf(CallTimeout);
  await expect(within(60_000, Promise.resolve(7))).resolves.toBe(7);
  await expect(within(60_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
});

it('ends a pause early when its signal is aborted, before or during it', async () => {
  await pause(60_000, AbortSignal.abort());
  const abort = new AbortController();
  const waiting = pause(60_000, abort.signal);
  abort.abort();
  await waiting;
});

it('doubles the wait up to a limit', () => {
  expect([1, 2, 3, 4, 5, 6, 60].map((attempt) => backOff(attempt))).toEqual([
    100, 200, 400, 800, 1_600, 2_000, 2_000,
  ]);
});
