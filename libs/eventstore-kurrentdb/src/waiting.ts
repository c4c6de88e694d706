import { CallTimeout } from './client-failure.ts';

/** Settles as `call` does, or rejects with `CallTimeout` after `milliseconds`. What comes later is dropped. */
export const within = <Value>(milliseconds: number, call: Promise<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new CallTimeout(`KurrentDB gave no answer for ${milliseconds} ms`)),
      milliseconds,
    );
    call.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** Resolves after `milliseconds`, or as soon as the signal is aborted. */
export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });

/** Milliseconds before try number `attempt` (from 1): doubling from `first` up to `longest`. */
export const backOff = (attempt: number, first = 100, longest = 2_000): number =>
  Math.min(longest, first * 2 ** Math.min(attempt - 1, 16));
