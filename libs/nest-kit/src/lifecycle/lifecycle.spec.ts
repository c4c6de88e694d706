import { describe, expect, it } from 'vitest';
import { silentLogger } from '../logging/logger.ts';
import { createLifecycle } from './lifecycle.ts';

const lifecycleOf = (timeoutMs = 10_000, onStopping?: () => void) =>
  createLifecycle({ logger: silentLogger, timeoutMs, ...(onStopping && { onStopping }) });

describe('lifecycle', () => {
  it('says that it is not ready, stops intake, flushes, closes; in a stage the last registered goes first', async () => {
    const done: string[] = [];
    const lifecycle = lifecycleOf(10_000, () => done.push('not ready'));
    for (const [stage, name] of [
      ['close', 'store'],
      ['close', 'messaging'],
      ['flush', 'read model'],
      ['intake', 'subscription'],
      ['intake', 'http'],
    ] as const)
      lifecycle.onStop(stage, name, async () => {
        await Promise.resolve();
        done.push(name);
      });
    expect(await lifecycle.stop('test')).toBe(true);
    expect(done).toEqual(['not ready', 'http', 'subscription', 'read model', 'messaging', 'store']);
  });

  it('stops once, however often it is asked', async () => {
    const lifecycle = lifecycleOf();
    let closed = 0;
    lifecycle.onStop('close', 'store', () => closed++);
    expect(lifecycle.stopping).toBe(false);
    expect(await Promise.all([lifecycle.stop('one'), lifecycle.stop('two')])).toEqual([true, true]);
    expect([closed, lifecycle.stopping]).toEqual([1, true]);
  });

  it('goes on past a step that fails, and says that the stop was not clean', async () => {
    const lifecycle = lifecycleOf();
    let closed = false;
    lifecycle.onStop('close', 'store', () => (closed = true));
    lifecycle.onStop('intake', 'http', () => Promise.reject(new Error('x')));
    expect(await lifecycle.stop('test')).toBe(false);
    expect(closed).toBe(true);
  });

  it('ends at its deadline where a step never does', async () => {
    const lifecycle = lifecycleOf(1);
    lifecycle.onStop('intake', 'http', () => new Promise(() => undefined));
    expect(await lifecycle.stop('test')).toBe(false);
  });
});
