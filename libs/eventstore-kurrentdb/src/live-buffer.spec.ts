import { describe, expect, it } from 'vitest';
import { liveBuffer } from './live-buffer.ts';

const never = new AbortController().signal;
const long = 60_000;

describe('the buffer of live events', () => {
  it('hands out in order, and waits for what comes', async () => {
    const buffer = liveBuffer<number>(4);
    buffer.put(1);
    buffer.put(2);
    expect(await buffer.take(long, never)).toEqual({ item: 1 });
    expect(await buffer.take(long, never)).toEqual({ item: 2 });
    const next = buffer.take(long, never);
    buffer.put(3);
    expect(await next).toEqual({ item: 3 });
  });

  it('says that nothing came', async () => {
    expect(await liveBuffer<number>(4).take(1, never)).toBe('idle');
  });

  it('is over when one more comes than it holds, and hands out what it held first', async () => {
    const buffer = liveBuffer<number>(2);
    expect([1, 2, 3, 4].map((item) => buffer.put(item))).toEqual([true, true, false, false]);
    expect(await buffer.take(long, never)).toEqual({ item: 1 });
    expect(await buffer.take(long, never)).toEqual({ item: 2 });
    expect(await buffer.take(long, never)).toBe('over');
  });

  it('holds its capacity again and again where it never runs empty', async () => {
    const buffer = liveBuffer<number>(3);
    buffer.put(0);
    for (let item = 1; item < 100; item += 1) {
      expect(buffer.put(item)).toBe(true);
      expect(await buffer.take(long, never)).toEqual({ item: item - 1 });
    }
    expect([buffer.put(100), buffer.put(101), buffer.put(102)]).toEqual([true, true, false]);
  });

  it('wakes who waits when it ends, or when the signal is aborted', async () => {
    const ended = liveBuffer<number>(2);
    const waiting = ended.take(long, never);
    ended.end();
    expect(await waiting).toBe('over');
    const abort = new AbortController();
    const aborted = liveBuffer<number>(2).take(long, abort.signal);
    abort.abort();
    expect(await aborted).toBe('over');
  });
});
