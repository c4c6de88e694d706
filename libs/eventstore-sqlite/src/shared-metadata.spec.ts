import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { expectRefusal, someEvent } from '@hearth/eventing/testing';
import type { AppendItem, NewEvent } from '@hearth/eventing';
import { openSqliteEventReader } from './event-reader.ts';
import { metadataReader } from './shared-metadata.ts';
import { openStore, temporaryFile } from './testing/fixture.ts';

/** An event of a request that is told from others by its id. */
const eventOf = (request: string, data: unknown = { n: 1 }): NewEvent => {
  const event = someEvent(data);
  return { ...event, metadata: { ...event.metadata, $correlationId: request } };
};
const append = (stream: string, events: readonly NewEvent[]): AppendItem => ({
  stream,
  events,
  expectedRevision: 'any',
});

/** What the column holds, event by event. */
const stored = (file: string): string[] => {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db
      .prepare('SELECT metadata FROM events ORDER BY position')
      .all()
      .map(({ metadata }) => metadata as string);
  } finally {
    db.close();
  }
};

describe('the metadata that events of one request share', () => {
  it('is stored once, and read with each of them in every way', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    const users = Array.from({ length: 40 }, (_, user) => `user-${user}`);
    await store.appendMany(users.map((user) => append(user, [eventOf('first'), eventOf('first')])));
    await store.appendMany([append('user-0', [eventOf('second')]), append('user-1', [eventOf('third')])]);
    expect(stored(file).filter((text) => text.startsWith('{'))).toHaveLength(3);

    const requests = [...Array<string>(80).fill('first'), 'second', 'third'];
    const { events } = await store.readAll();
    expect(events.map(({ metadata }) => metadata.$correlationId)).toEqual(requests);
    const reader = await openSqliteEventReader({ file });
    for (const [nth, { position }] of events.entries()) {
      const page = await reader.readAll({ from: position, limit: 1 });
      expect(page.events[0]?.metadata.$correlationId).toBe(requests[nth + 1]);
    }
    for (const direction of ['forwards', 'backwards'] as const) {
      const slice = await reader.readStream('user-0', { direction });
      const read = slice.events.map(({ metadata }) => metadata.$correlationId);
      expect(direction === 'forwards' ? read : read.toReversed()).toEqual(['first', 'first', 'second']);
    }
    await reader.close();
  });

  it('is stored again after a thousand events', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    for (let batch = 0; batch < 3; batch += 1)
      await store.append(
        `user-${batch}`,
        Array.from({ length: 700 }, () => eventOf('same')),
        {
          expectedRevision: 'no_stream',
        },
      );
    const texts = stored(file).flatMap((text, index) => (text.startsWith('{') ? [index] : []));
    expect(texts).toEqual([0, 1_000, 2_000]);
    const { events } = await store.readAll({ limit: 2_100 });
    expect(events.every(({ metadata }) => metadata.$correlationId === 'same')).toBe(true);
  });

  it('stays for those that are left when the first of them is erased, and goes with the last', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    const users = ['user-0', 'user-1', 'user-2'];
    await store.appendMany(users.map((user) => append(user, [eventOf('shared')])));
    await store.appendMany(users.map((user) => append(user, [eventOf(`last of ${user}`)])));
    for (const [nth, user] of users.entries()) {
      await store.eraseBefore(user, 1);
      for (const left of users.slice(nth + 1)) {
        const { events } = await store.readStream(left);
        expect(events.map(({ metadata }) => metadata.$correlationId)).toEqual(['shared', `last of ${left}`]);
      }
    }
    expect(stored(file).filter((text) => text.includes('"shared"'))).toEqual([]);
    const { events } = await store.readAll();
    expect(events.map(({ metadata }) => metadata.$correlationId)).toEqual(
      users.map((user) => `last of ${user}`),
    );
  });

  it('stays for the furthest event that shares it, when all before that one are erased', async () => {
    const store = await openStore({ file: await temporaryFile() });
    const sharing = Array.from({ length: 999 }, () => eventOf('shared'));
    await store.appendMany([append('user-0', sharing), append('user-1', [eventOf('shared')])]);
    await store.append('user-0', [eventOf('last')], { expectedRevision: 998 });
    await store.eraseBefore('user-0', 999);
    const { events } = await store.readStream('user-1');
    expect(events.map(({ metadata }) => metadata.$correlationId)).toEqual(['shared']);
  });

  it('is not taken from a transaction that never was', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file, maxBytes: 256 * 1024 });
    const large = { text: 'x'.repeat(150_000) };
    await store.append('user-0', [eventOf('kept')], { expectedRevision: 'no_stream' });
    // Fits as far as its first event: what that stored goes with the transaction.
    await expectRefusal(
      store.append('user-1', [eventOf('refused'), eventOf('refused', large), eventOf('refused', large)], {
        expectedRevision: 'no_stream',
      }),
      'store_full',
    );
    await store.append('user-2', [eventOf('refused')], { expectedRevision: 'no_stream' });
    const { events } = await store.readAll();
    expect(events.map(({ metadata }) => metadata.$correlationId)).toEqual(['kept', 'refused']);
  });

  it('is missing for whoever read a row right before all that shared it were erased', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    await store.append('user-0', [eventOf('one'), eventOf('one'), eventOf('two')], {
      expectedRevision: 'no_stream',
    });
    const db = new DatabaseSync(file, { readOnly: true });
    const [, pointer] = stored(file);
    expect(metadataReader(db)(2, pointer!)).toContain('"one"');
    await store.eraseBefore('user-0', 2);
    expect(metadataReader(db)(2, pointer!)).toBeUndefined();
    db.close();
  });

  it('that is not where its row says is damage', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    await store.append('user-0', [eventOf('one'), eventOf('one')], { expectedRevision: 'no_stream' });
    await store.close();
    const db = new DatabaseSync(file);
    db.exec("UPDATE events SET metadata = '@9' WHERE position = 2");
    db.close();
    const again = await openStore({ file });
    await expectRefusal(again.readAll(), 'store_damaged');
    await expectRefusal(again.readStream('user-0'), 'store_damaged');
  });
});
