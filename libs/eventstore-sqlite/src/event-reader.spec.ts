import { describe, expect, it, onTestFinished } from 'vitest';
import { comparePositions, positionAt, type Position } from '@hearth/eventing';
import { expectRefusal, plain, someEvents } from '@hearth/eventing/testing';
import { openSqliteEventReader, type SqliteEventReader } from './index.ts';
import { openStore, temporaryFile } from './testing/fixture.ts';

const openReader = async (file: string): Promise<SqliteEventReader> => {
  const reader = await openSqliteEventReader({ file });
  onTestFinished(() => reader.close());
  return reader;
};

describe('a reader beside the writer', () => {
  it('says that the file is not there yet', async () => {
    const file = await temporaryFile();
    await expectRefusal(openSqliteEventReader({ file }), 'unavailable');
    await openStore({ file });
    await openReader(file);
  });

  it('reads what the writer reads, as soon as it is committed', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    const reader = await openReader(file);
    expect(reader.storeId).toBe(store.storeId);
    expect(await reader.head()).toBe(await store.head());
    for (let round = 0; round < 50; round += 1) {
      const { position } = await store.append(`thing-${round % 3}`, someEvents(2), {
        expectedRevision: 'any',
      });
      expect(await reader.head()).toBe(position);
      const { events } = await reader.readStream(`thing-${round % 3}`, { direction: 'backwards', limit: 1 });
      expect(events[0]!.position).toBe(position);
    }
    const filter = { streamPrefixes: ['thing-1', 'thing-2'] };
    const [mine, theirs] = await Promise.all([reader.readAll({ filter }), store.readAll({ filter })]);
    expect(mine.events.map(plain)).toEqual(theirs.events.map(plain));
    expect(mine.position).toBe(theirs.position);
    await store.eraseBefore('thing-1', 5);
    expect((await reader.readStream('thing-1')).events.map(({ revision }) => revision)[0]).toBe(5);
  });

  it('reads on after the writer has closed and another one has opened', async () => {
    const file = await temporaryFile();
    const first = await openStore({ file });
    await first.append('thing-1', someEvents(2), { expectedRevision: 'no_stream' });
    const reader = await openReader(file);
    await first.close();
    expect((await reader.readStream('thing-1')).lastRevision).toBe(1);
    const late = await openReader(file);
    const second = await openStore({ file });
    await second.append('thing-1', someEvents(1), { expectedRevision: 1 });
    for (const each of [reader, late]) expect((await each.readStream('thing-1')).lastRevision).toBe(2);
  });

  it('reads a log that nobody writes', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    await store.append('thing-1', someEvents(2), { expectedRevision: 'no_stream' });
    await store.close();
    expect((await (await openReader(file)).readAll()).events).toHaveLength(2);
  });

  it('refuses positions as the store does, and calls after it was closed', async () => {
    const file = await temporaryFile();
    await openStore({ file });
    const reader = await openReader(file);
    await expectRefusal(reader.readAll({ from: positionAt(reader.storeId, 1) }), 'position_beyond_head');
    await expectRefusal(reader.readAll({ from: 'x' as Position }), 'malformed_position');
    await reader.close();
    await reader.close();
    await expectRefusal(reader.readAll(), 'store_closed');
    await expectRefusal(reader.readStream('thing-1'), 'store_closed');
    await expectRefusal(reader.head(), 'store_closed');
  });
});

describe('onCommitted', () => {
  it('tells the head of each commit that added events, before their appends are answered', async () => {
    const store = await openStore({ file: await temporaryFile() });
    const heads: Position[] = [];
    const stop = store.onCommitted((head) => heads.push(head));
    const events = someEvents(2);
    const { position } = await store.append('thing-1', events, { expectedRevision: 'no_stream' });
    expect(heads).toEqual([position]);
    await store.append('thing-1', events, { expectedRevision: 'no_stream' });
    await store.append('thing-1', someEvents(1), { expectedRevision: 7 }).catch(() => undefined);
    expect(heads).toEqual([position]);
    await Promise.all(
      [1, 2, 3].map((n) => store.append(`thing-${n}`, someEvents(1), { expectedRevision: 'any' })),
    );
    expect(heads).toHaveLength(2);
    expect(comparePositions(heads[1]!, await store.head())).toBe(0);
    stop();
    await store.append('thing-1', someEvents(1), { expectedRevision: 'any' });
    expect(heads).toHaveLength(2);
  });
});
