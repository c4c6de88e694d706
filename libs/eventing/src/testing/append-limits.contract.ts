import { describe, expect, it } from 'vitest';
import { MAX_APPEND_BYTES, type ExpectedRevision, type NewEvent } from '../index.ts';
import { openFor, type EventStoreFixture } from './event-store-fixture.ts';
import { expectRefusal, plain, someEvent, uniqueName, uniqueStream } from './sample-events.ts';
import { eventOf } from './sizes.ts';

/** Which names, sizes and characters every store takes, and which none does. */
export const appendLimitsContract = (fixture: EventStoreFixture): void => {
  describe('what can be appended', () => {
    it('stores as much as MAX_APPEND_BYTES in one event or in many', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const large = eventOf(MAX_APPEND_BYTES);
      await store.append(stream, [large], { expectedRevision: 'no_stream' });
      const many = Array.from({ length: 9 }, () => eventOf(MAX_APPEND_BYTES / 9 - 100));
      await store.append(stream, many, { expectedRevision: 0 });
      const { events } = await store.readStream(stream);
      expect(events.map(({ data }) => data)).toEqual([large, ...many].map(({ data }) => data));
    });

    it('refuses more than that, counted in bytes of UTF-8, and stores nothing', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const fits = eventOf(MAX_APPEND_BYTES);
      const accents = someEvent({ text: 'é'.repeat(MAX_APPEND_BYTES / 2) });
      const attempts = [[eventOf(MAX_APPEND_BYTES + 1)], [accents], [fits, someEvent()]];
      for (const events of attempts)
        await expectRefusal(store.append(stream, events, { expectedRevision: 'any' }), 'append_too_large');
      expect((await store.readStream(stream)).lastRevision).toBe(-1);
    });

    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const twice = someEvent();
    const odd: [string, { stream?: string; events?: NewEvent[]; expectedRevision?: ExpectedRevision }][] = [
      ['no events', { events: [] }],
      ['an empty stream name', { stream: '' }],
      ['a stream name with NUL', { stream: 'thing-a\u0000b' }],
      ['a stream name with a line break', { stream: 'thing-a\nb' }],
      ['a stream name with half a surrogate pair', { stream: 'thing-\ud800' }],
      ["a system stream's name", { stream: '$settings' }],
      ['an endless stream name', { stream: `thing-${'x'.repeat(2_000)}` }],
      ['an empty event type', { events: [{ ...someEvent(), type: '' }] }],
      ['a system event type', { events: [{ ...someEvent(), type: '$metadata' }] }],
      ['an id that is no UUID', { events: [{ ...someEvent(), id: 'one' }] }],
      ['the same event id twice', { events: [twice, twice] }],
      [
        'data without a JSON form',
        { events: [someEvent(undefined)].map((event) => ({ ...event, data: undefined })) },
      ],
      ['data that cannot be written', { events: [someEvent(circular)] }],
      ['a number JSON does not know', { events: [someEvent({ big: 1n })] }],
      ['a negative revision', { expectedRevision: -1 }],
      ['half a revision', { expectedRevision: 0.5 }],
    ];
    it.each(odd)('refuses %s', async (_, { stream = uniqueStream(), events = [someEvent()], ...rest }) => {
      const { store } = await openFor(fixture);
      const from = await store.head();
      const options = { expectedRevision: rest.expectedRevision ?? ('any' as const) };
      await expectRefusal(store.append(stream, events, options), 'invalid_append');
      if (fixture.freshLog) expect(await store.head()).toBe(from);
    });

    it('gives every character back, in data, metadata, types and stream names', async () => {
      const log = await openFor(fixture);
      const stream = `${uniqueName()}-naïve 🦊 日本語 "quoted" \\ %_*?[x]`;
      const texts = [
        'e\u0301 é',
        '👩‍👩‍👧‍👦',
        'مرحبا',
        '\u2028\u2029',
        'a\u0000b',
        '\u007f\u001b[0m',
        '"\\/',
        '\ufeff',
      ];
      const event = {
        ...someEvent({ texts, ключ: { '': null, ' ': [0.1, -0, 1e21, true] } }, 'Gerät·Geändert'),
      };
      await log.store.append(stream, [{ ...event, metadata: { ...event.metadata, source: 'über🦊' } }], {
        expectedRevision: 'no_stream',
      });
      const store = await log.reopen();
      const { events } = await store.readStream(stream);
      const expected = {
        ...event,
        data: JSON.parse(JSON.stringify(event.data)) as unknown,
        metadata: { ...event.metadata, source: 'über🦊' },
        stream,
        revision: 0,
      };
      expect(plain(events[0]!)).toMatchObject(expected);
      const page = await store.readAll({ filter: { streamPrefixes: [stream] } });
      expect(page.events.map(plain)).toEqual(events.map(plain));
    });

    it('gives halves of surrogate pairs in data back', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      await store.append(stream, [someEvent({ text: 'a\ud83e', '\udd8a': 1 })], { expectedRevision: 'any' });
      expect((await store.readStream(stream)).events[0]!.data).toEqual({ text: 'a\ud83e', '\udd8a': 1 });
    });

    it('stores what the caller had at the time of the call', async () => {
      const { store } = await openFor(fixture);
      const stream = uniqueStream();
      const data = { n: 1, left: undefined as unknown };
      const appended = store.append(stream, [someEvent(data)], { expectedRevision: 'any' });
      data.n = 2;
      await appended;
      expect((await store.readStream(stream)).events[0]!.data).toEqual({ n: 1 });
    });
  });
};
