import { describe, expect, it } from 'vitest';
import {
  comparePositions,
  EventStoreError,
  MAX_APPEND_BYTES,
  WrongExpectedRevision,
  type AppendResult,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
} from '../index.ts';
import { openFor, type EventStoreFixture } from './event-store-fixture.ts';
import { expectRefusal, idsOf, someEvents, uniqueName, uniqueStream } from './sample-events.ts';
import { eventOf } from './sizes.ts';

const add = (store: EventStore, stream: string, count: number): Promise<AppendResult> =>
  store.append(stream, someEvents(count), { expectedRevision: 'any' });

/** What an append may expect of a stream, and what it gets. */
export const appendContract = (fixture: EventStoreFixture): void => {
  describe('expected revisions', () => {
    const accepted: [ExpectedRevision, number][] = [
      ['no_stream', 0],
      ['any', 0],
      ['any', 3],
      ['stream_exists', 1],
      [0, 1],
      [2, 3],
    ];
    it.each(accepted)('accepts %s on a stream of %i events', async (expectedRevision, length) => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      if (length > 0) await add(store, stream, length);
      const result = await store.append(stream, someEvents(2), { expectedRevision });
      expect(result.revision).toBe(length + 1);
      expect((await store.readStream(stream)).lastRevision).toBe(length + 1);
    });

    const refused: [ExpectedRevision, number, number | 'no_stream'][] = [
      ['no_stream', 2, 1],
      ['stream_exists', 0, 'no_stream'],
      [0, 0, 'no_stream'],
      [0, 3, 2],
      [3, 3, 2],
      [100, 3, 2],
    ];
    it.each(refused)('refuses %s on a stream of %i events and names %s', async (expected, length, actual) => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      if (length > 0) await add(store, stream, length);
      const error = await expectRefusal(
        store.append(stream, someEvents(1), { expectedRevision: expected }),
        'wrong_expected_revision',
      );
      expect(error).toBeInstanceOf(WrongExpectedRevision);
      expect(error).toMatchObject({ stream, expected, actual });
      expect((await store.readStream(stream)).lastRevision).toBe(length - 1);
    });
  });

  describe('order', () => {
    it('keeps the order of appends in a stream and in the log, and answers with the place of the last event', async () => {
      const { store } = await openFor(fixture);
      const category = uniqueName();
      const [one, other] = [`${category}-1`, `${category}-2`];
      const from = await store.head();
      const results: AppendResult[] = [];
      const batches: [string, NewEvent[]][] = [
        [one, someEvents(2)],
        [other, someEvents(3)],
        [one, someEvents(1, 2)],
      ];
      for (const [stream, events] of batches)
        results.push(await store.append(stream, events, { expectedRevision: 'any' }));
      const { events } = await store.readAll({ from, filter: { streamPrefixes: [`${category}-`] } });
      expect(idsOf(events)).toEqual(batches.flatMap(([, batch]) => idsOf(batch)));
      expect(events.map(({ revision }) => revision)).toEqual([0, 1, 0, 1, 2, 2]);
      expect([1, 4, 5].map((index) => events[index]!.position)).toEqual(
        results.map(({ position }) => position),
      );
      expect(results.map(({ revision }) => revision)).toEqual([1, 2, 2]);
      for (const [index, { position }] of events.entries())
        if (index > 0) expect(comparePositions(events[index - 1]!.position, position)).toBeLessThan(0);
      expect(comparePositions(await store.head(), results[2]!.position)).toBeGreaterThanOrEqual(0);
    });

    it('gives each stream gapless revisions when many appends are in flight', async () => {
      const { store } = await openFor(fixture);
      const streams = [uniqueStream(), uniqueStream(), uniqueStream()];
      const results = await Promise.all(
        Array.from({ length: 150 }, (_, index) => add(store, streams[index % 3]!, 1)),
      );
      expect(new Set(results.map(({ position }) => position)).size).toBe(150);
      for (const stream of streams) {
        const { events, lastRevision } = await store.readStream(stream);
        expect(lastRevision).toBe(49);
        expect(events.map(({ revision }) => revision)).toEqual(
          Array.from({ length: 50 }, (_, index) => index),
        );
      }
    });

    it('lets exactly one of many contenders win each revision', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      let last: number | 'no_stream' = 'no_stream';
      for (let round = 0; round < 5; round += 1) {
        const contenders = Array.from({ length: 10 }, () => someEvents(1));
        const outcomes = await Promise.allSettled(
          contenders.map((events) => store.append(stream, events, { expectedRevision: last })),
        );
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(WrongExpectedRevision);
        last = round;
      }
      expect((await store.readStream(stream)).lastRevision).toBe(4);
    });
  });

  describe('appendMany', () => {
    it('answers item by item; one that fails does not hurt its siblings', async () => {
      const { store } = await openFor(fixture);
      const [first, second, third] = [uniqueStream(), uniqueStream(), uniqueStream()];
      const outcomes = await store.appendMany([
        { stream: first, events: someEvents(2), expectedRevision: 'no_stream' },
        { stream: second, events: someEvents(1), expectedRevision: 7 },
        { stream: third, events: [], expectedRevision: 'any' },
        { stream: third, events: [eventOf(MAX_APPEND_BYTES + 1)], expectedRevision: 'any' },
        { stream: third, events: someEvents(1), expectedRevision: 'any' },
      ]);
      expect(outcomes).toHaveLength(5);
      expect(outcomes[0]).toMatchObject({ revision: 1 });
      expect(outcomes[1]).toMatchObject({ code: 'wrong_expected_revision', actual: 'no_stream' });
      expect(outcomes[2]).toMatchObject({ code: 'invalid_append' });
      expect(outcomes[3]).toMatchObject({ code: 'append_too_large' });
      expect(outcomes[4]).toMatchObject({ revision: 0 });
      expect((await store.readStream(second)).lastRevision).toBe(-1);
      expect((await store.readStream(third)).lastRevision).toBe(0);
    });

    it('applies items of one stream in the order given, each seeing the ones before', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const outcomes = await store.appendMany([
        { stream, events: someEvents(2), expectedRevision: 'no_stream' },
        { stream, events: someEvents(1, 2), expectedRevision: 1 },
        { stream, events: someEvents(1), expectedRevision: 1 },
        { stream, events: someEvents(1, 3), expectedRevision: 2 },
      ]);
      expect(
        outcomes.map((outcome) => (outcome instanceof EventStoreError ? outcome.code : outcome.revision)),
      ).toEqual([1, 2, 'wrong_expected_revision', 3]);
      const { events } = await store.readStream(stream);
      expect(events.map(({ data }) => data)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]);
    });

    it('answers an empty list with an empty list', async () => {
      const { store } = await openFor(fixture);
      expect(await store.appendMany([])).toEqual([]);
    });
  });
};
