import { describe, expect, it } from 'vitest';
import {
  catchUpSubscription,
  EventStoreError,
  EventStoreUnavailable,
  parsePosition,
  type Position,
  positionAt,
  type CatchUpSource,
  type EventStore,
  type LogNews,
  type RecordedEvent,
  type SubscriptionRun,
} from './index.ts';
import { someEvent } from './testing/sample-events.ts';

const storeId = '0badcafe';

/** A log in memory that says of its growth what a test wants it to say. */
const memoryLog = () => {
  const events: RecordedEvent[] = [];
  const listeners = new Set<(news: LogNews) => void>();
  const closing = new AbortController();
  const counts = { reads: 0, retries: 0 };
  let failures: Error[] = [];
  const tell = (news: LogNews): void => listeners.forEach((listener) => listener(news));
  const add = (count: number, stream = 'thing-1'): RecordedEvent[] => {
    const added = Array.from({ length: count }, (_, index) => ({
      ...someEvent(),
      stream,
      revision: events.length + index,
      position: positionAt(storeId, events.length + index + 1),
    }));
    events.push(...added);
    return added;
  };
  const readAll: EventStore['readAll'] = async ({ from, limit = 1_000 } = {}) => {
    counts.reads += 1;
    const failure = failures.shift();
    if (failure) throw failure;
    const start = from === undefined ? 0 : Number(parsePosition(from).offset);
    const page = events.slice(start, start + limit);
    return {
      events: page,
      position: positionAt(storeId, start + page.length),
      headReached: start + page.length === events.length,
    };
  };
  const source: CatchUpSource = {
    readAll,
    onNews: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    closing: closing.signal,
    pauseBeforeRetry: async () => void (counts.retries += 1),
  };
  return {
    source,
    counts,
    listeners,
    close: () => closing.abort(),
    failWith: (...errors: Error[]) => (failures = errors),
    /** Another process appended: nothing but the fact is known. */
    growElsewhere: (count: number) => {
      add(count);
      tell('grown');
    },
    commit: (count: number, stream?: string) => {
      const after = positionAt(storeId, events.length);
      const batch = add(count, stream);
      tell({ after, position: positionAt(storeId, events.length), events: batch, bytes: 100 * count });
    },
    loseNews: (count: number) => void add(count),
  };
};

const offsetOf = (position: Position): number => Number(parsePosition(position).offset);

const reader = (runs: AsyncIterable<SubscriptionRun>) => {
  const iterator = runs[Symbol.asyncIterator]();
  const offsets: number[] = [];
  return {
    offsets,
    iterator,
    /** Takes runs until a checkpoint stands at `offset`. */
    until: async (offset: number): Promise<boolean> => {
      for (;;) {
        const { done, value } = await iterator.next();
        if (done) throw new Error('The subscription ended');
        offsets.push(...value.events.map(({ position }) => offsetOf(position)));
        if (value.checkpoint === positionAt(storeId, offset)) return value.caughtUp;
      }
    },
  };
};

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('catchUpSubscription', () => {
  it('hands out commits from memory while it stands at the head', async () => {
    const log = memoryLog();
    log.loseNews(3);
    const { until, offsets, iterator } = reader(catchUpSubscription(log.source));
    expect(await until(3)).toBe(true);
    for (let round = 1; round <= 10; round += 1) {
      log.commit(2);
      expect(await until(3 + 2 * round)).toBe(true);
    }
    expect(offsets).toEqual(upTo(23));
    expect(log.counts.reads).toBe(1);
    await iterator.return?.();
    expect(log.listeners.size).toBe(0);
  });

  it('reads the log where only the fact of growth is known', async () => {
    const log = memoryLog();
    const { until, offsets } = reader(catchUpSubscription(log.source));
    await until(0);
    log.growElsewhere(5);
    expect(await until(5)).toBe(true);
    log.growElsewhere(1);
    await until(6);
    expect(offsets).toEqual(upTo(6));
  });

  it('reads the log where a commit does not begin at its place', async () => {
    const log = memoryLog();
    const { until, offsets } = reader(catchUpSubscription(log.source));
    await until(0);
    log.loseNews(4);
    log.commit(2);
    await until(6);
    expect(offsets).toEqual(upTo(6));
    expect(log.counts.reads).toBe(2);
  });

  it('passes over a commit that the page it has just read holds already', async () => {
    const log = memoryLog();
    log.loseNews(1);
    let pending = 2;
    const readAll: EventStore['readAll'] = async (options) => {
      while (pending > 0) log.commit(pending--);
      return log.source.readAll(options);
    };
    const abort = new AbortController();
    const runs: number[][] = [];
    for await (const run of catchUpSubscription({ ...log.source, readAll }, { signal: abort.signal })) {
      runs.push([...run.events.map(({ position }) => offsetOf(position)), offsetOf(run.checkpoint)]);
      if (runs.length === 1) log.commit(1);
      else abort.abort();
    }
    expect(runs).toEqual([
      [1, 2, 3, 4, 4],
      [5, 5],
    ]);
  });

  it('pages, without reading ahead of its consumer', async () => {
    const log = memoryLog();
    log.loseNews(10);
    const { until, offsets } = reader(catchUpSubscription({ ...log.source, pageSize: 4 }));
    expect(await until(4)).toBe(false);
    expect(log.counts.reads).toBe(1);
    expect(await until(10)).toBe(true);
    expect(offsets).toEqual(upTo(10));
  });

  it.each([{ events: 3 }, { bytes: 350 }])(
    'forgets a full buffer (%o) and reads the log instead',
    async (buffer) => {
      const log = memoryLog();
      const { until, offsets } = reader(catchUpSubscription({ ...log.source, buffer }));
      await until(0);
      for (let round = 0; round < 5; round += 1) log.commit(1);
      await until(5);
      expect(log.counts.reads).toBe(2);
      log.commit(1);
      await until(6);
      expect(log.counts.reads).toBe(2);
      expect(offsets).toEqual(upTo(6));
    },
  );

  it('keeps nothing of streams its filter leaves out', async () => {
    const log = memoryLog();
    const options = { filter: { streamPrefixes: ['wanted-'] } };
    const { until, offsets } = reader(catchUpSubscription({ ...log.source, buffer: { events: 1 } }, options));
    await until(0);
    for (let round = 0; round < 50; round += 1) log.commit(1, 'other-1');
    log.commit(1, 'wanted-1');
    expect(await until(51)).toBe(true);
    expect(offsets).toEqual([51]);
    expect(log.counts.reads).toBe(1);
  });

  it('tries again while the store is away, and gives any other error up', async () => {
    const log = memoryLog();
    log.loseNews(2);
    log.failWith(new EventStoreUnavailable('away'), new EventStoreUnavailable('away'));
    const { until, offsets } = reader(catchUpSubscription(log.source));
    await until(2);
    expect(offsets).toEqual([1, 2]);
    expect(log.counts.retries).toBe(2);
    log.failWith(new EventStoreError('store_damaged', 'broken'));
    log.growElsewhere(1);
    await expect(until(3)).rejects.toMatchObject({ code: 'store_damaged' });
    expect(log.listeners.size).toBe(0);
  });

  it('ends when the store closes, and does not begin after', async () => {
    const log = memoryLog();
    const { until, iterator } = reader(catchUpSubscription(log.source));
    await until(0);
    const waiting = iterator.next();
    log.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
    const late = catchUpSubscription(log.source)[Symbol.asyncIterator]();
    await expect(late.next()).rejects.toMatchObject({ code: 'store_closed' });
  });
});
