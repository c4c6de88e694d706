import { describe, expect, it } from 'vitest';
import { type EventStore } from '../index.ts';
import { openFor, type EventStoreFixture } from './event-store-fixture.ts';
import { expectRefusal, someEvents, uniqueName, uniqueStream } from './sample-events.ts';
import { takeEvents, untilCaughtUp } from './subscriptions.ts';

const revisionsOf = (events: readonly { revision: number }[]): number[] =>
  events.map(({ revision }) => revision);

const readEverywhere = async (store: EventStore, stream: string): Promise<number[][]> => {
  const filter = { streamPrefixes: [stream] };
  const reads = [
    await store.readStream(stream),
    await store.readAll({ filter }),
    await untilCaughtUp(store.subscribe({ filter })),
  ];
  const backwards = await store.readStream(stream, { direction: 'backwards' });
  return [...reads.map(({ events }) => revisionsOf(events)), revisionsOf(backwards.events).toReversed()];
};

/** Erasure: the first part of a stream goes, the last event stays. */
export const eraseContract = (fixture: EventStoreFixture): void => {
  describe('eraseBefore', () => {
    it('takes events out of every read at once, and for good', async () => {
      const log = await openFor(fixture);
      const stream = uniqueStream();
      await log.store.append(stream, someEvents(6), { expectedRevision: 'no_stream' });
      await log.store.eraseBefore(stream, 4);
      for (const revisions of await readEverywhere(log.store, stream)) expect(revisions).toEqual([4, 5]);
      const store = await log.reopen();
      for (const revisions of await readEverywhere(store, stream)) expect(revisions).toEqual([4, 5]);
      expect(await store.readStream(stream, { from: 1, limit: 1 })).toMatchObject({
        lastRevision: 5,
        endOfStream: false,
      });
      const back = await store.readStream(stream, { direction: 'backwards', limit: 2 });
      expect(back).toMatchObject({ lastRevision: 5, endOfStream: true });
    });

    it('leaves other streams alone', async () => {
      const { store } = await openFor(fixture);
      const category = uniqueName();
      await store.append(`${category}-1`, someEvents(3), { expectedRevision: 'no_stream' });
      await store.append(`${category}-11`, someEvents(3), { expectedRevision: 'no_stream' });
      await store.eraseBefore(`${category}-1`, 2);
      expect(revisionsOf((await store.readStream(`${category}-11`)).events)).toEqual([0, 1, 2]);
    });

    it('always keeps the last event, and revisions go on from it', async () => {
      const log = await openFor(fixture);
      const stream = uniqueStream();
      await log.store.append(stream, someEvents(3), { expectedRevision: 'no_stream' });
      await log.store.eraseBefore(stream, 1_000);
      for (const revisions of await readEverywhere(log.store, stream)) expect(revisions).toEqual([2]);
      const refusal = await expectRefusal(
        log.store.append(stream, someEvents(1), { expectedRevision: 'no_stream' }),
        'wrong_expected_revision',
      );
      expect(refusal).toMatchObject({ actual: 2 });
      const store = await log.reopen();
      expect(await store.append(stream, someEvents(1), { expectedRevision: 2 })).toMatchObject({
        revision: 3,
      });
      await store.append(stream, someEvents(2), { expectedRevision: 'stream_exists' });
      for (const revisions of await readEverywhere(store, stream)) expect(revisions).toEqual([2, 3, 4, 5]);
    });

    it('may be repeated, with an earlier revision too, and does nothing to a stream that is not there', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      await store.append(stream, someEvents(5), { expectedRevision: 'no_stream' });
      await store.eraseBefore(stream, 3);
      await store.eraseBefore(stream, 3);
      await store.eraseBefore(stream, 1);
      await store.eraseBefore(stream, 0);
      await store.eraseBefore(uniqueStream(), 3);
      for (const revisions of await readEverywhere(store, stream)) expect(revisions).toEqual([3, 4]);
    });

    it('does not pass a repeat of erased events off as stored', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const erased = someEvents(2);
      await store.append(stream, erased, { expectedRevision: 'no_stream' });
      await store.append(stream, someEvents(3), { expectedRevision: 1 });
      await store.eraseBefore(stream, 4);
      await expectRefusal(
        store.append(stream, erased, { expectedRevision: 'no_stream' }),
        'wrong_expected_revision',
      );
      await expectRefusal(
        store.append(stream, someEvents(2), { expectedRevision: 'no_stream' }),
        'wrong_expected_revision',
      );
      expect((await store.readStream(stream)).lastRevision).toBe(4);
    });

    it('still recognises a repeat of what stands after it', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      await store.append(stream, someEvents(2), { expectedRevision: 'no_stream' });
      const events = someEvents(2);
      const first = await store.append(stream, events, { expectedRevision: 1 });
      await store.eraseBefore(stream, 2);
      expect(await store.append(stream, events, { expectedRevision: 1 })).toEqual(first);
      expect(await store.append(stream, events, { expectedRevision: 'any' })).toEqual(first);
    });

    it('lets a subscription from before the erased events go on behind them', async () => {
      const { store } = await openFor(fixture);
      const from = await store.head();
      const stream = uniqueStream();
      await store.append(stream, someEvents(4), { expectedRevision: 'no_stream' });
      await store.eraseBefore(stream, 3);
      const next = takeEvents(store.subscribe({ from, filter: { streamPrefixes: [stream] } }), 2);
      await store.append(stream, someEvents(1), { expectedRevision: 3 });
      expect(revisionsOf(await next)).toEqual([3, 4]);
    });
  });
};
