import { describe, expect, it } from 'vitest';
import { comparePositions, positionAt, type Position } from '../index.ts';
import { openFor, type EventStoreFixture } from './event-store-fixture.ts';
import {
  expectRefusal,
  idsOf,
  plain,
  someEvent,
  someEvents,
  uniqueName,
  uniqueStream,
} from './sample-events.ts';

const numbers = (events: readonly { data: unknown }[]): number[] =>
  events.map(({ data }) => (data as { n: number }).n);

/** Reading streams and the log. */
export const readContract = (fixture: EventStoreFixture): void => {
  describe('readStream', () => {
    it('gives a missing stream back as empty', async () => {
      const { store } = await openFor(fixture);
      const empty = { events: [], lastRevision: -1, endOfStream: true };
      expect(await store.readStream(uniqueStream())).toEqual(empty);
      expect(await store.readStream(uniqueStream(), { direction: 'backwards', limit: 1 })).toEqual(empty);
      expect(await store.readStream(uniqueStream(), { from: 4 })).toEqual(empty);
    });

    const slices: [object, number[], boolean][] = [
      [{}, [0, 1, 2, 3, 4], true],
      [{ limit: 2 }, [0, 1], false],
      [{ limit: 5 }, [0, 1, 2, 3, 4], true],
      [{ from: -1, limit: 1 }, [0], false],
      [{ from: 1 }, [2, 3, 4], true],
      [{ from: 1, limit: 2 }, [2, 3], false],
      [{ from: 4 }, [], true],
      [{ from: 40 }, [], true],
      [{ direction: 'backwards' }, [4, 3, 2, 1, 0], true],
      [{ direction: 'backwards', limit: 2 }, [4, 3], false],
      [{ direction: 'backwards', from: 2 }, [1, 0], true],
      [{ direction: 'backwards', from: 3, limit: 1 }, [2], false],
      [{ direction: 'backwards', from: 0 }, [], true],
      [{ direction: 'backwards', from: 40, limit: 1 }, [4], false],
    ];
    it.each(slices)('reads %o as %o', async (options, expected, endOfStream) => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      await store.append(stream, someEvents(5), { expectedRevision: 'no_stream' });
      await store.append(uniqueStream(), someEvents(5), { expectedRevision: 'no_stream' });
      const slice = await store.readStream(stream, options);
      expect(numbers(slice.events)).toEqual(expected);
      expect(slice.events.map(({ revision }) => revision)).toEqual(expected);
      expect(slice).toMatchObject({ lastRevision: 4, endOfStream });
    });

    it('reads thousands of events at once', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      for (let first = 0; first < 3_000; first += 500)
        await store.append(stream, someEvents(500, first), { expectedRevision: 'any' });
      expect(numbers((await store.readStream(stream)).events)).toEqual(
        Array.from({ length: 3_000 }, (_, n) => n),
      );
    });

    it('gives events that copy, compare and print as plain objects', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const [event] = someEvents(1);
      const { position } = await store.append(stream, [event!], { expectedRevision: 'no_stream' });
      const expected = { ...event!, stream, revision: 0, position };
      const [read] = (await store.readStream(stream)).events;
      expect({ ...read! }).toEqual(expected);
      expect(structuredClone({ ...read! })).toEqual(expected);
      expect(JSON.parse(JSON.stringify(read))).toEqual(expected);
      expect(Object.keys(read!).toSorted()).toEqual(Object.keys(expected).toSorted());
    });
  });

  describe('readAll', () => {
    it('pages through the log without gap or double', async () => {
      const { store } = await openFor(fixture);
      const start = await store.head();
      const category = uniqueName();
      const filter = { streamPrefixes: [`${category}-`] };
      for (let stream = 0; stream < 5; stream += 1)
        await store.append(`${category}-${stream}`, someEvents(5, stream * 5), {
          expectedRevision: 'no_stream',
        });
      const read: number[] = [];
      let from: Position = start;
      for (;;) {
        const page = await store.readAll({ from, filter, limit: 4 });
        expect(page.events.length).toBeLessThanOrEqual(4);
        expect(comparePositions(page.position, from)).toBeGreaterThanOrEqual(0);
        read.push(...numbers(page.events));
        from = page.position;
        if (page.headReached) break;
      }
      expect(read).toEqual(Array.from({ length: 25 }, (_, index) => index));
      expect(comparePositions(from, await store.head())).toBe(0);
    });

    it('starts at the beginning where no position is given', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      await store.append(stream, someEvents(3), { expectedRevision: 'no_stream' });
      const page = await store.readAll({ filter: { streamPrefixes: [stream] } });
      expect(numbers(page.events)).toEqual([0, 1, 2]);
      expect(page.headReached).toBe(true);
    });

    it('lets through the streams that start with any of the prefixes, taken literally', async () => {
      const { store } = await openFor(fixture);
      const from = await store.head();
      const category = uniqueName();
      const names = ['-1', '-12', '_1', '%-1', '-2', '日本-1', 'Z-1'].map((ending) => `${category}${ending}`);
      for (const [index, name] of names.entries())
        await store.append(name, someEvents(1, index), { expectedRevision: 'no_stream' });
      const read = async (...endings: string[]): Promise<number[]> => {
        const streamPrefixes = endings.map((ending) => `${category}${ending}`);
        return numbers((await store.readAll({ from, filter: { streamPrefixes } })).events);
      };
      expect(await read('')).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(await read('-')).toEqual([0, 1, 4]);
      expect(await read('-1')).toEqual([0, 1]);
      expect(await read('_', '%', '-2')).toEqual([2, 3, 4]);
      expect(await read('-1', '-12', '-')).toEqual([0, 1, 4]);
      expect(await read('日')).toEqual([5]);
      expect(await read('z')).toEqual([]);
    });

    it('takes many prefixes', async () => {
      const { store } = await openFor(fixture);
      const from = await store.head();
      const category = uniqueName();
      const hex = (number: number): string => number.toString(16).padStart(2, '0');
      for (let part = 0; part < 256; part += 16)
        await store.append(`${category}_${hex(part)}-1`, someEvents(1, part), { expectedRevision: 'any' });
      const streamPrefixes = Array.from({ length: 128 }, (_, part) => `${category}_${hex(part)}-`);
      const { events } = await store.readAll({ from, filter: { streamPrefixes } });
      expect(numbers(events)).toEqual([0, 16, 32, 48, 64, 80, 96, 112]);
    });

    it('moves its position over events that the filter leaves out', async () => {
      const { store } = await openFor(fixture);
      let from = await store.head();
      const filter = { streamPrefixes: [uniqueName('nobody')] };
      const { position } = await store.append(uniqueStream(), someEvents(20), { expectedRevision: 'any' });
      for (;;) {
        const page = await store.readAll({ from, filter, limit: 5 });
        expect(page.events).toEqual([]);
        from = page.position;
        if (page.headReached) break;
      }
      expect(comparePositions(from, position)).toBeGreaterThanOrEqual(0);
    });

    it('looks at no event where there are no prefixes', async () => {
      const { store } = await openFor(fixture);
      await store.append(uniqueStream(), someEvents(2), { expectedRevision: 'any' });
      expect((await store.readAll({ filter: { streamPrefixes: [] } })).events).toEqual([]);
    });

    it('gives the same events as readStream', async () => {
      const { store } = await openFor(fixture);
      const from = await store.head();
      const stream = uniqueStream();
      await store.append(stream, someEvents(3), { expectedRevision: 'no_stream' });
      const page = await store.readAll({ from, filter: { streamPrefixes: [stream] } });
      expect(page.events.map(plain)).toEqual((await store.readStream(stream)).events.map(plain));
    });

    it('loses nothing where a page would get too heavy', async () => {
      const { store } = await openFor(fixture);
      let from = await store.head();
      const stream = uniqueStream();
      const text = 'x'.repeat(700_000);
      for (let n = 0; n < 25; n += 1)
        await store.append(stream, [someEvent({ n, text })], { expectedRevision: 'any' });
      const read: number[] = [];
      for (;;) {
        const page = await store.readAll({ from, filter: { streamPrefixes: [stream] } });
        read.push(...numbers(page.events));
        from = page.position;
        if (page.headReached) break;
      }
      expect(read).toEqual(Array.from({ length: 25 }, (_, n) => n));
    });

    it('bounds a page by 1,000 events where no limit is given', async () => {
      const { store } = await openFor(fixture);
      const from = await store.head();
      const stream = uniqueStream();
      for (let first = 0; first < 1_200; first += 400)
        await store.append(stream, someEvents(400, first), { expectedRevision: 'any' });
      const filter = { streamPrefixes: [stream] };
      const page = await store.readAll({ from, filter });
      expect(page.events.length).toBeLessThanOrEqual(1_000);
      expect(page.headReached).toBe(false);
      const rest = await store.readAll({ from: page.position, filter });
      expect(numbers([...page.events, ...rest.events])).toEqual(Array.from({ length: 1_200 }, (_, n) => n));
    });
  });

  describe('positions', () => {
    const unusable = [
      ['of another store', 'position_of_another_store', (id: string) => positionAt(otherThan(id), 0)],
      ['beyond the head', 'position_beyond_head', (id: string) => positionAt(id, 9_000_000_000_000_000_000n)],
      ['that is none', 'malformed_position', () => 'tomorrow' as Position],
      ['with a digit too few', 'malformed_position', (id: string) => `${id}:000000000000000001` as Position],
    ] as const;

    it.each(unusable)('readAll and subscribe refuse one %s', async (_, code, of) => {
      const { store } = await openFor(fixture);
      await store.append(uniqueStream(), someEvents(1), { expectedRevision: 'any' });
      const from = of(store.storeId);
      await expectRefusal(store.readAll({ from }), code);
      await expectRefusal(store.subscribe({ from })[Symbol.asyncIterator]().next(), code);
    });

    it('the head is a position to read from, and stays one after a restart', async () => {
      const log = await openFor(fixture);
      await log.store.append(uniqueStream(), someEvents(2), { expectedRevision: 'any' });
      const head = await log.store.head();
      const { storeId } = log.store;
      expect(storeId).toMatch(/^[0-9a-f]{8}$/);
      expect(head.startsWith(`${storeId}:`)).toBe(true);
      const store = await log.reopen();
      expect(store.storeId).toBe(storeId);
      expect(comparePositions(await store.head(), head)).toBeGreaterThanOrEqual(0);
      const filter = { streamPrefixes: [uniqueName('nobody')] };
      expect((await store.readAll({ from: head, filter })).events).toEqual([]);
      const stream = uniqueStream();
      const appended = await store.append(stream, someEvents(1), { expectedRevision: 'any' });
      const { events } = await store.readAll({ from: head, filter: { streamPrefixes: [stream] } });
      expect(idsOf(events)).toHaveLength(1);
      expect(events[0]!.position).toBe(appended.position);
    });

    it.runIf(fixture.freshLog)('the head of an empty log is its beginning', async () => {
      const { store } = await openFor(fixture);
      const head = await store.head();
      const page = await store.readAll();
      expect(page).toEqual({ events: [], position: head, headReached: true });
      await store.append(uniqueStream(), someEvents(2), { expectedRevision: 'any' });
      expect((await store.readAll({ from: head })).events).toHaveLength(2);
    });
  });
};

const otherThan = (storeId: string): string => (storeId === '00000001' ? '00000002' : '00000001');
