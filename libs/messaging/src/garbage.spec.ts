import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

import { coalesce } from './coalesce.ts';
import { inProcessMessaging } from './in-process.ts';

const collector = (): ((options: { type: 'minor' | 'major' }) => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;
};

const TURNS = 400;
const CALLS = 16;
const BYTES = 4_000;

describe('what a call needed', () => {
  it('is gone with the next collections of young objects (decision 21)', async () => {
    const collect = collector();
    const messaging = inProcessMessaging();
    messaging.respond('echo', async (items) => items);
    const ask = coalesce(messaging);
    const turn = (nth: number): Promise<unknown> =>
      Promise.all(
        Array.from({ length: CALLS }, (_, call) =>
          ask('echo', { list: new Array(BYTES / 8).fill(nth + call / CALLS) }, { timeoutMs: 10_000 }),
        ),
      );

    // A quiet moment in the middle of calls: whatever stands now is old from here on.
    const underway = turn(0);
    for (let times = 0; times < 4; times++) collect({ type: 'minor' });
    await underway;
    collect({ type: 'major' });
    const before = process.memoryUsage().heapUsed;
    for (let nth = 1; nth <= TURNS; nth++) {
      await turn(nth);
      if (nth % 20 === 0) collect({ type: 'minor' });
    }
    collect({ type: 'minor' });
    collect({ type: 'minor' });
    const kept = process.memoryUsage().heapUsed - before;

    expect(kept).toBeLessThan(0.2 * TURNS * CALLS * BYTES);
    await messaging.close();
  });
});
