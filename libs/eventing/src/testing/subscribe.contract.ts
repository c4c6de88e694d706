import { describe, expect, it } from 'vitest';
import { comparePositions, type EventStore, type RecordedEvent } from '../index.ts';
import { openFor, type EventStoreFixture } from './event-store-fixture.ts';
import { idsOf, plain, someEvent, someEvents, uniqueName, uniqueStream } from './sample-events.ts';
import { observe, takeEvents, untilCaughtUp } from './subscriptions.ts';

const write = async (store: EventStore, stream: string, appends: number): Promise<void> => {
  for (let append = 0; append < appends; append += 1)
    await store.append(stream, someEvents(1 + (append % 3)), { expectedRevision: 'any' });
};

const expectOrder = (events: readonly RecordedEvent[]): void => {
  const revisions = new Map<string, number>();
  for (const [index, { stream, revision, position }] of events.entries()) {
    if (index > 0) expect(comparePositions(events[index - 1]!.position, position)).toBeLessThan(0);
    expect(revision).toBe((revisions.get(stream) ?? -1) + 1);
    revisions.set(stream, revision);
  }
};

/** Following the log: catch-up, then live. */
export const subscribeContract = (fixture: EventStoreFixture): void => {
  describe('subscribe', () => {
    it('goes from catch-up to live without gap or double while writers write', async () => {
      const { store } = await openFor(fixture);
      const from = await store.head();
      const category = uniqueName();
      const filter = { streamPrefixes: [`${category}-`] };
      await write(store, `${category}-0`, 150);
      const observer = observe(store, { from, filter });
      const writers = [1, 2, 3, 4].map((writer) => write(store, `${category}-${writer}`, 60));
      const late = observer
        .until(({ events }) => events.length > 400)
        .then(() => observe(store, { from, filter }));
      await Promise.all(writers);
      const total = 300 + 4 * 120;
      await observer.until(({ events }) => events.length >= total);
      const second = await late;
      await second.until(({ events }) => events.length >= total);
      await Promise.all([observer.stop(), second.stop()]);
      expect(observer.events).toHaveLength(total);
      expectOrder(observer.events);
      expect(idsOf(second.events)).toEqual(idsOf(observer.events));
    });

    it('resumes from the position of an event, and from a checkpoint', async () => {
      const { store } = await openFor(fixture);
      const start = await store.head();
      const category = uniqueName();
      const filter = { streamPrefixes: [`${category}-`] };
      await write(store, `${category}-1`, 12);
      const all = await takeEvents(store.subscribe({ from: start, filter }), 24);
      const rest = await takeEvents(store.subscribe({ from: all[9]!.position, filter }), 14);
      expect(idsOf(rest)).toEqual(idsOf(all.slice(10)));
      const { events, checkpoint } = await untilCaughtUp(store.subscribe({ from: start, filter }));
      expect(idsOf(events)).toEqual(idsOf(all));
      const next = takeEvents(store.subscribe({ from: checkpoint, filter }), 1);
      const event = someEvent();
      await store.append(`${category}-2`, [event], { expectedRevision: 'any' });
      expect(idsOf(await next)).toEqual([event.id]);
    });

    it('moves checkpoints past events that its filter leaves out, in catch-up and live', async () => {
      const { store } = await openFor(fixture);
      const from = await store.head();
      const filter = { streamPrefixes: [uniqueName('nobody')] };
      const before = await store.append(uniqueStream(), someEvents(50), { expectedRevision: 'any' });
      const observer = observe(store, { from, filter });
      await observer.until(({ checkpoints }) => checkpoints.some(({ caughtUp }) => caughtUp));
      await observer.until(({ checkpoints }) => reaches(checkpoints, before.position));
      const after = await store.append(uniqueStream(), someEvents(50), { expectedRevision: 'any' });
      await observer.until(({ checkpoints }) => reaches(checkpoints, after.position));
      await observer.stop();
      expect(observer.events).toEqual([]);
      for (const [index, { checkpoint }] of observer.checkpoints.entries())
        if (index > 0)
          expect(
            comparePositions(observer.checkpoints[index - 1]!.checkpoint, checkpoint),
          ).toBeLessThanOrEqual(0);
    });

    it('leaves out runs without events where these alone are wanted, in catch-up and live', async () => {
      const { store } = await openFor(fixture);
      const from = await store.head();
      const category = uniqueName();
      const filter = { streamPrefixes: [`${category}-`] };
      const write = async (stream: string): Promise<void> =>
        void (await store.append(stream, someEvents(2), { expectedRevision: 'any' }));
      await write(uniqueStream());
      const all = observe(store, { from, filter });
      const wanted = observe(store, { from, filter, eventsOnly: true });
      for (let round = 1; round <= 5; round += 1) {
        await write(uniqueStream());
        await write(`${category}-1`);
        await Promise.all(
          [all, wanted].map(({ until }) => until(({ events }) => events.length === 2 * round)),
        );
      }
      const { position } = await store.append(uniqueStream(), someEvents(1), { expectedRevision: 'any' });
      await all.until(({ checkpoints }) => reaches(checkpoints, position));
      await Promise.all([all.stop(), wanted.stop()]);
      expect(idsOf(wanted.events)).toEqual(idsOf(all.events));
      // A run holds an event at least.
      expect(wanted.checkpoints.length).toBeLessThanOrEqual(wanted.events.length);
      expect(reaches(wanted.checkpoints, position)).toBe(false);
    });

    it('says that it has caught up where there is nothing to read', async () => {
      const { store } = await openFor(fixture);
      const { events } = await untilCaughtUp(store.subscribe({ from: await store.head() }));
      expect(events).toEqual([]);
    });

    it('hands out every event before the checkpoint that covers it', async () => {
      const { store } = await openFor(fixture);
      const from = await store.head();
      const category = uniqueName();
      const writing = write(store, `${category}-1`, 40);
      let events = 0;
      let covered = from;
      for await (const run of store.subscribe({ from, filter: { streamPrefixes: [`${category}-`] } })) {
        for (const { position } of run.events) {
          expect(comparePositions(position, covered)).toBeGreaterThan(0);
          expect(comparePositions(position, run.checkpoint)).toBeLessThanOrEqual(0);
        }
        covered = run.checkpoint;
        events += run.events.length;
        if (events === 79) break;
      }
      await writing;
    });

    it('loses nothing for a consumer that is slower than the writers', async () => {
      const { store } = await openFor(fixture, { subscriptionBuffer: 8 });
      const from = await store.head();
      const category = uniqueName();
      const filter = { streamPrefixes: [`${category}-`] };
      const iterator = store.subscribe({ from, filter })[Symbol.asyncIterator]();
      const events: RecordedEvent[] = [];
      const take = async (count: number): Promise<void> => {
        while (events.length < count) {
          const { value, done } = await iterator.next();
          if (done) throw new Error('The subscription ended');
          events.push(...value.events);
        }
      };
      for (let round = 1; round <= 4; round += 1) {
        await Promise.all([1, 2, 3].map((writer) => write(store, `${category}-${writer}`, 30)));
        await take(round * 180 - 100);
      }
      await take(720);
      await iterator.return?.();
      expect(events).toHaveLength(720);
      expectOrder(events);
    });

    it('gives live events as a later reader gets them', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const options = { from: await store.head(), filter: { streamPrefixes: [stream] } };
      const observer = observe(store, options);
      await observer.until(({ checkpoints }) => checkpoints.some(({ caughtUp }) => caughtUp));
      const data = { when: new Date(0), left: undefined, list: [undefined, 1], nested: { n: -0 } };
      await store.append(stream, [someEvent(data), someEvent('text'), someEvent(null)], {
        expectedRevision: 'any',
      });
      await observer.until(({ events }) => events.length === 3);
      await observer.stop();
      const replayed = await takeEvents(store.subscribe(options), 3);
      expect(observer.events.map(plain)).toEqual(replayed.map(plain));
      expect(observer.events[0]!.data).toEqual({
        when: '1970-01-01T00:00:00.000Z',
        list: [null, 1],
        nested: { n: 0 },
      });
      expect((await store.readStream(stream)).events.map(plain)).toEqual(replayed.map(plain));
    });

    it('ends without an error when its signal is aborted, before, while waiting and while reading', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const options = { from: await store.head(), filter: { streamPrefixes: [stream] } };
      expect(await takeEvents(store.subscribe({ ...options, signal: AbortSignal.abort() }), 1)).toEqual([]);
      const waiting = new AbortController();
      const observer = observe(store, { ...options, signal: waiting.signal });
      await observer.until(({ checkpoints }) => checkpoints.length > 0);
      waiting.abort();
      await observer.ended;
      const reading = new AbortController();
      let runs = 0;
      for await (const { events } of store.subscribe({ ...options, signal: reading.signal })) {
        if (events.length > 0) {
          runs += 1;
          reading.abort();
        }
        await store.append(stream, someEvents(1), { expectedRevision: 'any' });
      }
      expect(runs).toBe(1);
    });

    it('ends without an error when the store closes', async () => {
      const log = await openFor(fixture);
      const options = { from: await log.store.head() };
      const [one, other] = [observe(log.store, options), observe(log.store, options)];
      await Promise.all([one, other].map(({ until }) => until(({ checkpoints }) => checkpoints.length > 0)));
      await log.store.close();
      await Promise.all([one.ended, other.ended]);
    });
  });
};

const reaches = (
  checkpoints: readonly { checkpoint: RecordedEvent['position'] }[],
  position: RecordedEvent['position'],
): boolean => checkpoints.some(({ checkpoint }) => comparePositions(checkpoint, position) >= 0);
