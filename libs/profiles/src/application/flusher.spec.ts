import { positionAt } from '@hearth/eventing';
import { silentLogger } from '@hearth/nest-kit';
import { beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { createFlusher, livePace } from './flusher.ts';
import { logProgress } from './log-progress.ts';

const TICK_MS = 5_000;
const TURNS = 4;

/** A flusher over a table in which as many profiles wait again after each flush; pauses last until they are ended. */
const flusherOf = ({ maxWaiting = 100 } = {}) => {
  const pauses: { ms: number; end: () => void }[] = [];
  const counts = { turns: 0, flushes: 0 };
  const table = {
    waiting: 50,
    flush: async (_: unknown, rest?: (turns: number) => Promise<unknown>) => {
      for (let turn = 1; turn <= TURNS; turn++) {
        counts.turns++;
        if (turn < TURNS) await rest?.(TURNS);
      }
      counts.flushes++;
      table.waiting = 50;
    },
  };
  const flusher = createFlusher({
    table,
    progress: logProgress(positionAt('0123abcd', 7)),
    logger: silentLogger,
    pause: (ms) => new Promise<void>((end) => pauses.push({ ms, end })),
    onFailure: (error) => {
      throw error;
    },
    tickMs: TICK_MS,
    pace: () => ({ maxWaiting, everyTicks: 1 }),
  });
  return { flusher, table, counts, pauses };
};

/** Everything that is ready to go on goes on. */
const settle = () => new Promise(setImmediate);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

describe('what is written down because it is time for it', () => {
  it('is spread over a good part of the tick, a transaction at a time', async () => {
    const { counts, pauses, flusher } = flusherOf();
    vi.advanceTimersByTime(TICK_MS);
    for (let turn = 1; turn < TURNS; turn++) {
      await settle();
      expect(counts).toEqual({ turns: turn, flushes: 0 });
      expect(pauses).toHaveLength(turn);
      pauses.at(-1)!.end();
    }
    await settle();
    expect(counts).toEqual({ turns: TURNS, flushes: 1 });
    const spread = pauses.reduce((sum, { ms }) => sum + ms, 0);
    expect(spread).toBeGreaterThan(TICK_MS / 4);
    expect(spread).toBeLessThan(TICK_MS);
    flusher.stop();
  });

  it.each([
    ['somebody wants everything written down', 2, ({ flusher }) => flusher.flush()],
    ['too much waits', 1, ({ flusher, table }) => ((table.waiting = 100), flusher.makeRoom())],
    ['it ends', 1, async ({ flusher }) => flusher.stop()],
  ] satisfies [string, number, (set: ReturnType<typeof flusherOf>) => Promise<void>][])(
    'goes on at once where %s',
    async (_, flushes, want) => {
      const set = flusherOf();
      vi.advanceTimersByTime(TICK_MS);
      await settle();
      expect(set.counts.turns).toBe(1);
      await want(set);
      await settle();
      expect(set.counts).toEqual({ turns: flushes * TURNS, flushes });
      expect(set.pauses).toHaveLength(1);
      set.flusher.stop();
    },
  );

  it('is spread again the next time', async () => {
    const { flusher, pauses, counts } = flusherOf();
    await flusher.flush();
    expect(pauses).toHaveLength(0);
    vi.advanceTimersByTime(TICK_MS);
    await settle();
    expect(pauses).toHaveLength(1);
    expect(counts.turns).toBe(TURNS + 1);
    flusher.stop();
  });
});

it('few that wait are written down half as often, as long as there is room for four times as many', () => {
  expect(livePace(24, 100)).toEqual({ maxWaiting: 100, everyTicks: 2 });
  expect(livePace(25, 100)).toEqual({ maxWaiting: 100, everyTicks: 1 });
});
