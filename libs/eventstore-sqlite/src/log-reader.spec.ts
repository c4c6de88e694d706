import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { expectRefusal, idsOf, someEvent, someEvents } from '@hearth/eventing/testing';
import type { NewEvent } from '@hearth/eventing';
import { openSqliteEventStore } from './index.ts';
import { openStore, temporaryFile } from './testing/fixture.ts';

/** A log with one wanted event far behind many others, so that a search takes several turns. */
const logWithFarEvent = async (): Promise<{ file: string; wanted: NewEvent }> => {
  const file = await temporaryFile();
  const store = await openSqliteEventStore({ file });
  const wanted = someEvent();
  for (let batch = 0; batch < 90; batch += 1)
    await store.append(`other-${batch}`, someEvents(500), { expectedRevision: 'no_stream' });
  await store.append('wanted-1', [wanted], { expectedRevision: 'no_stream' });
  await store.append('other-last', someEvents(500), { expectedRevision: 'no_stream' });
  await store.close();
  return { file, wanted };
};

describe('a search through a long log', () => {
  const filter = { streamPrefixes: ['wanted-'] };

  it('finds what lies far behind', async () => {
    const { file, wanted } = await logWithFarEvent();
    const store = await openStore({ file });
    const page = await store.readAll({ filter });
    expect(idsOf(page.events)).toEqual([wanted.id]);
    expect(page).toMatchObject({ position: await store.head(), headReached: true });
    const short = await store.readAll({ filter, limit: 1 });
    expect(idsOf(short.events)).toEqual([wanted.id]);
    expect(short).toMatchObject({ position: short.events[0]!.position, headReached: false });
  });

  it('lets other work go between its steps, and ends with an error when the store closes', async () => {
    const { file } = await logWithFarEvent();
    const store = await openStore({ file });
    const order: string[] = [];
    const search = store.readAll({ filter }).then(() => order.push('search'));
    const other = nextTurn().then(() => order.push('other work'));
    await Promise.all([search, other]);
    expect(order).toEqual(['other work', 'search']);
    const interrupted = expectRefusal(store.readAll({ filter }), 'store_closed');
    await store.close();
    await interrupted;
  });
});

describe('limits', () => {
  it.each([0, -1, 1.5, Number.NaN])('refuses %d', async (limit) => {
    const store = await openStore({ file: await temporaryFile() });
    await expect(store.readAll({ limit })).rejects.toThrow(/limit/);
    await expect(store.readStream('thing-1', { limit })).rejects.toThrow(/limit/);
  });
});
