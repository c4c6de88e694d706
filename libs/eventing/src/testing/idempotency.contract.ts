import { describe, expect, it } from 'vitest';
import { EventStoreError, type EventStore, type ExpectedRevision } from '../index.ts';
import { openFor, type EventStoreFixture } from './event-store-fixture.ts';
import { expectRefusal, idsOf, someEvent, someEvents, uniqueName, uniqueStream } from './sample-events.ts';

const appendElsewhere = async (store: EventStore, appends: number): Promise<void> => {
  const category = uniqueName('other');
  for (let done = 0; done < appends; done += 2_000) {
    const items = Array.from({ length: Math.min(2_000, appends - done) }, (_, index) => ({
      stream: `${category}-${index % 500}`,
      events: [someEvent()],
      expectedRevision: 'any' as const,
    }));
    for (const outcome of await store.appendMany(items))
      if (outcome instanceof EventStoreError) throw outcome;
  }
};

/** The same append sent again is recognised by its event ids. */
export const idempotencyContract = (fixture: EventStoreFixture): void => {
  describe('the same append again', () => {
    const expectations: [string, ExpectedRevision, number][] = [
      ['an exact revision', 1, 2],
      ['no_stream', 'no_stream', 0],
      ['any', 'any', 2],
      ['any, on a new stream', 'any', 0],
      ['stream_exists', 'stream_exists', 2],
    ];

    it.each(expectations)('answers as before: %s', async (_, expectedRevision, before) => {
      const log = await openFor(fixture);
      const stream = uniqueStream();
      if (before > 0) await log.store.append(stream, someEvents(before), { expectedRevision: 'no_stream' });
      const events = someEvents(3);
      const first = await log.store.append(stream, events, { expectedRevision });
      expect(await log.store.append(stream, events, { expectedRevision })).toEqual(first);
      await log.store.append(stream, someEvents(2), { expectedRevision: first.revision });
      expect(await log.store.append(stream, events, { expectedRevision })).toEqual(first);
      const store = await log.reopen();
      expect(await store.append(stream, events, { expectedRevision })).toEqual(first);
      const again = await store.appendMany([
        { stream, events, expectedRevision },
        { stream, events, expectedRevision },
      ]);
      expect(again).toEqual([first, first]);
      expect((await store.readStream(stream)).lastRevision).toBe(before + 4);
    });

    it('is recognised while the first is still in flight', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const events = someEvents(2);
      const [first, second] = await Promise.all([
        store.append(stream, events, { expectedRevision: 'no_stream' }),
        store.append(stream, events, { expectedRevision: 'no_stream' }),
      ]);
      expect(second).toEqual(first);
      expect((await store.readStream(stream)).lastRevision).toBe(1);
    });

    it.each(expectations)(
      'is refused where it is a part of it, or more than it: %s',
      async (_, expected, before) => {
        const log = await openFor(fixture);
        const stream = uniqueStream();
        if (before > 0) await log.store.append(stream, someEvents(before), { expectedRevision: 'no_stream' });
        const [a, b, c] = [someEvent(), someEvent(), someEvent()];
        await log.store.append(stream, [a, b, c], { expectedRevision: expected });
        const store = await log.reopen();
        const attempts = [
          [a],
          [a, b],
          [b, c],
          [c],
          [a, b, c, someEvent()],
          [a, c, b],
          [someEvent(), a, b, c],
        ];
        for (const events of attempts)
          await expectRefusal(
            store.append(stream, events, { expectedRevision: expected }),
            'wrong_expected_revision',
          );
        expect((await store.readStream(stream)).lastRevision).toBe(before + 2);
      },
    );

    it('is refused where two appends are sent as one', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const [a, b] = [someEvent(), someEvent()];
      await store.append(stream, [a], { expectedRevision: 'no_stream' });
      await store.append(stream, [b], { expectedRevision: 0 });
      for (const expectedRevision of ['no_stream', 'any'] as const)
        await expectRefusal(store.append(stream, [a, b], { expectedRevision }), 'wrong_expected_revision');
    });

    it('is refused at another revision than the one it stands at', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const events = someEvents(1);
      await store.append(stream, events, { expectedRevision: 'no_stream' });
      await store.append(stream, someEvents(3), { expectedRevision: 0 });
      await expectRefusal(store.append(stream, events, { expectedRevision: 1 }), 'wrong_expected_revision');
    });

    it('counts as new in another stream', async () => {
      const { store } = await openFor(fixture);
      const [one, other] = [uniqueStream(), uniqueStream()];
      const events = someEvents(1);
      await store.append(one, events, { expectedRevision: 'no_stream' });
      expect(await store.append(other, events, { expectedRevision: 'no_stream' })).toMatchObject({
        revision: 0,
      });
      expect(idsOf((await store.readStream(other)).events)).toEqual(idsOf(events));
    });

    it('is recognised after very many other appends', { timeout: 300_000 }, async () => {
      const { store } = await openFor(fixture);
      const streams = [uniqueStream(), uniqueStream(), uniqueStream()];
      const expectations: ExpectedRevision[] = ['no_stream', 0, 'any'];
      const batches = streams.map(() => someEvents(2));
      await store.append(streams[1]!, someEvents(1), { expectedRevision: 'no_stream' });
      const send = () =>
        Promise.all(
          streams.map((stream, index) =>
            store.append(stream, batches[index]!, { expectedRevision: expectations[index]! }),
          ),
        );
      const first = await send();
      await appendElsewhere(store, fixture.distantRepeat ?? 200_000);
      expect(await send()).toEqual(first);
    });
  });
};
