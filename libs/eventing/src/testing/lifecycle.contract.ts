import { describe, expect, it, type TestContext } from 'vitest';
import { comparePositions, type EventStore, type NewEvent } from '../index.ts';
import {
  openFor,
  type AcknowledgedAppend,
  type EventStoreFixture,
  type NotApplicable,
} from './event-store-fixture.ts';
import { expectRefusal, idsOf, someEvents, uniqueName, uniqueStream } from './sample-events.ts';
import { observe } from './subscriptions.ts';
import { contendForRevisions } from './writers.ts';

/** Gives the means of a feature, or skips the test with the fixture's reason. */
const meansOf = <Means extends (...args: never[]) => unknown>(
  means: Means | NotApplicable,
  context: TestContext,
): Means => (typeof means === 'function' ? means : context.skip(means.notApplicable));

const expectOneWinnerEach = async (
  store: EventStore,
  stream: string,
  appends: readonly AcknowledgedAppend[],
): Promise<void> => {
  const { events } = await store.readStream(stream);
  expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
  const byRevision = appends.toSorted((one, other) => one.revision - other.revision);
  expect(byRevision.map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
  expect(byRevision.flatMap(({ ids }) => ids)).toEqual(idsOf(events));
  expect(byRevision.map(({ position }) => position)).toEqual(events.map(({ position }) => position));
};

/** Every batch whole, every acknowledged append there exactly once, at the place that was answered. */
const expectWholeBatches = async (
  store: EventStore,
  prefix: string,
  appends: readonly AcknowledgedAppend[],
): Promise<void> => {
  const acknowledged = Map.groupBy(appends, ({ stream }) => stream);
  for (let lane = 0; lane < 8; lane += 1) {
    const stream = `${prefix}-${lane}`;
    const { events } = await store.readStream(stream);
    expect(new Set(idsOf(events)).size).toBe(events.length);
    for (const batch of Map.groupBy(events, ({ data }) => (data as { batch: string }).batch).values())
      expect(batch).toHaveLength((batch[0]!.data as { size: number }).size);
    for (const { ids, revision, position } of acknowledged.get(stream) ?? []) {
      expect(idsOf(events.slice(revision - ids.length + 1, revision + 1))).toEqual(ids);
      expect(events[revision]!.position).toBe(position);
    }
  }
};

const appendUntilStored = async (store: EventStore, stream: string, events: NewEvent[]): Promise<void> => {
  const outcome = await store
    .append(stream, events, { expectedRevision: 'any' })
    .catch((error: unknown) => error);
  if (outcome instanceof Error) {
    expect(outcome).toMatchObject({
      code: expect.stringMatching(/^(unavailable|outcome_unknown)$/) as string,
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await appendUntilStored(store, stream, events);
  }
};

/** Restarts, closing, several writers, and what happens when something is killed or goes away. */
export const lifecycleContract = (fixture: EventStoreFixture): void => {
  describe('closing', () => {
    it('finishes what is in flight', async () => {
      const log = await openFor(fixture);
      const stream = uniqueStream();
      const appended = log.store.append(stream, someEvents(2), { expectedRevision: 'any' });
      await log.store.close();
      const { revision, position } = await appended;
      expect(revision).toBe(1);
      const store = await log.reopen();
      expect((await store.readStream(stream)).events.at(-1)!.position).toBe(position);
    });

    it('refuses later calls, and may be repeated', async () => {
      const { store } = await openFor(fixture);
      const head = await store.head();
      expect(store.availability).toBe('available');
      await Promise.all([store.close(), store.close()]);
      await store.close();
      const stream = uniqueStream();
      const item = { stream, events: someEvents(1), expectedRevision: 'any' } as const;
      await expectRefusal(store.append(stream, item.events, item), 'store_closed');
      await expectRefusal(store.appendMany([item]), 'store_closed');
      await expectRefusal(store.readStream(stream), 'store_closed');
      await expectRefusal(store.readAll({ from: head }), 'store_closed');
      await expectRefusal(store.head(), 'store_closed');
      await expectRefusal(store.eraseBefore(stream, 1), 'store_closed');
      await expectRefusal(store.subscribe()[Symbol.asyncIterator]().next(), 'store_closed');
      expect(store.availability).toBe('unavailable');
    });
  });

  describe('several writers', () => {
    it('in one process: exactly one wins each revision', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const jobs = Array.from({ length: 8 }, () => contendForRevisions(store, { stream, appends: 10 }));
      const appends = (await Promise.all(jobs)).flat();
      expect(appends).toHaveLength(80);
      await expectOneWinnerEach(store, stream, appends);
    });

    it('through two stores over one log: exactly one wins each revision', async (context) => {
      const secondInstance = meansOf(fixture.features.secondInstance, context);
      const log = await openFor(fixture);
      const stream = uniqueStream();
      const second = await secondInstance(log);
      try {
        const jobs = [log.store, second].map((store) => contendForRevisions(store, { stream, appends: 40 }));
        await expectOneWinnerEach(log.store, stream, (await Promise.all(jobs)).flat());
        expect(second.storeId).toBe(log.store.storeId);
      } finally {
        await second.close();
      }
    });

    it('through two stores over one log: each sees what the other appends', async (context) => {
      const secondInstance = meansOf(fixture.features.secondInstance, context);
      const log = await openFor(fixture);
      const stream = uniqueStream();
      const second = await secondInstance(log);
      try {
        const observer = observe(second, {
          from: await log.store.head(),
          filter: { streamPrefixes: [stream] },
        });
        await observer.until(({ checkpoints }) => checkpoints.some(({ caughtUp }) => caughtUp));
        const events = someEvents(3);
        await log.store.append(stream, events, { expectedRevision: 'no_stream' });
        await observer.until((seen) => seen.events.length === 3);
        await observer.stop();
        expect(idsOf(observer.events)).toEqual(idsOf(events));
      } finally {
        await second.close();
      }
    });

    it('in several processes: exactly one wins each revision', { timeout: 120_000 }, async (context) => {
      const writerProcess = meansOf(fixture.features.writerProcess, context);
      const log = await openFor(fixture);
      const stream = uniqueStream();
      const jobs = [1, 2, 3].map(() => writerProcess(log, { stream, appends: 40 }));
      const appends = (await Promise.all(jobs)).flat();
      expect(appends).toHaveLength(120);
      await expectOneWinnerEach(log.store, stream, appends);
    });
  });

  describe('failures', () => {
    it(
      'keeps every acknowledged append, whole and once, through kill -9',
      { timeout: 300_000 },
      async (context) => {
        const crash = meansOf(fixture.features.crash, context);
        for (let round = 0; round < (fixture.crashes ?? 10); round += 1) {
          const log = await openFor(fixture);
          const appends = await crash(log, 20 + round * 30);
          const store = await log.reopen();
          const [first] = appends;
          const prefix = first!.stream.slice(0, first!.stream.lastIndexOf('-'));
          await expectWholeBatches(store, prefix, appends);
          for (const { stream, position } of appends.slice(-1)) {
            expect(comparePositions(await store.head(), position)).toBeGreaterThanOrEqual(0);
            await store.append(stream, someEvents(1), { expectedRevision: 'stream_exists' });
          }
          await log.dispose();
        }
      },
    );

    it(
      'goes on after the server was away: appends once, subscriptions whole',
      { timeout: 300_000 },
      async (context) => {
        const means = meansOf(fixture.features.interruption, context);
        const log = await openFor(fixture);
        const { interrupt, resume } = means(log);
        const { store } = log;
        const category = uniqueName();
        const observer = observe(store, {
          from: await store.head(),
          filter: { streamPrefixes: [`${category}-`] },
        });
        const before = someEvents(3);
        const during = someEvents(3);
        await store.append(`${category}-1`, before, { expectedRevision: 'no_stream' });
        await observer.until(({ events }) => events.length === 3);
        await interrupt();
        const error = await store
          .append(`${category}-1`, during, { expectedRevision: 2 })
          .catch((reason: unknown) => reason);
        expect(error).toMatchObject({
          code: expect.stringMatching(/^(unavailable|outcome_unknown)$/) as string,
        });
        expect(store.availability).toBe('unavailable');
        await resume();
        await appendUntilStored(store, `${category}-1`, during);
        expect(store.availability).toBe('available');
        await observer.until(({ events }) => events.length >= 6);
        await observer.stop();
        expect(idsOf(observer.events)).toEqual(idsOf([...before, ...during]));
        expect((await store.readStream(`${category}-1`)).lastRevision).toBe(5);
      },
    );
  });
};
