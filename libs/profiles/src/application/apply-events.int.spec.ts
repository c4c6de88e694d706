import { userStream } from '@hearth/contracts';
import type { RecordedEvent } from '@hearth/eventing';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { customEventRecorded } from '../testing/profile-events.ts';
import {
  appendTo,
  created,
  openLog,
  openTestReadModel,
  testFolder,
  userNumber,
} from '../testing/user-log.ts';
import { createApplier } from './apply-events.ts';
import { profileTable } from './profile-table.ts';

const ada = userNumber(1);

/** A log with two events of a user, and a table that keeps nothing in memory once it is written down. */
const opened = async () => {
  const folder = testFolder();
  const store = await openLog(folder);
  await appendTo(store, ada, created(ada));
  await appendTo(store, ada, customEventRecorded('seen'));
  const { readModel } = await openTestReadModel(store, { file: join(folder, 'profiles.db') });
  onTestFinished(() => readModel.close());
  const table = profileTable(readModel, { cacheCharacters: 1 });
  const { events } = await store.readAll({ filter: { streamPrefixes: [userStream(ada)] } });
  const applier = createApplier(table, store, readModel.furthest);
  const written = async (): Promise<void> => {
    await table.flush(undefined);
    expect(table.inMemory(ada)).toBeUndefined();
  };
  const apply = async (some: readonly RecordedEvent[]): Promise<void> => {
    const waiting: Promise<void>[] = [];
    for (let at = 0; at < some.length;) at += applier.applyNext(some, at, waiting);
    await Promise.all(waiting);
  };
  return { store, table, applier, apply, events, written };
};

it('a new user is not looked for among the rows', async () => {
  const { table, apply, events } = await opened();
  await apply(events);
  expect(table.get(ada)?.revision).toBe(1);
  expect(table.counts.misses).toBe(0);
});

it.each([1, 2])(
  'a first event that comes again is dropped, %i events having been written down',
  async (count) => {
    const { table, applier, apply, events, written } = await opened();
    await apply(events.slice(0, count));
    await written();
    await apply(events);
    expect(applier.counts).toEqual({ folded: 2, dropped: count });
    expect(table.get(ada)?.revision).toBe(1);
  },
);

it('a first event that was applied before its turn in the log is dropped when its turn comes', async () => {
  const { table, applier, apply, events, written } = await opened();
  await applier.applyTail(ada);
  await written();
  await apply(events);
  expect(applier.counts).toEqual({ folded: 2, dropped: 2 });
  expect(table.get(ada)?.revision).toBe(1);
});

it('events of one user that follow each other are set at once, and end where another begins', async () => {
  const { store, table, events } = await opened();
  const bob = userNumber(2);
  await appendTo(store, bob, created(bob));
  const before = (await store.readAll()).events;
  await appendTo(store, ada, customEventRecorded('a'), customEventRecorded('b'), customEventRecorded('c'));
  await appendTo(store, bob, customEventRecorded('a'), customEventRecorded('b'));
  await appendTo(store, ada, customEventRecorded('d'));
  const after = (await store.readAll({ from: before.at(-1)!.position })).events;
  const set: [string, number][] = [];
  const counting: typeof table = {
    ...table,
    set: (brazeId, standing, old) => {
      set.push([brazeId, standing.revision]);
      table.set(brazeId, standing, old);
    },
  };
  const applier = createApplier(counting, store, undefined);
  const apply = (some: readonly RecordedEvent[]): number[] => {
    const taken: number[] = [];
    for (let at = 0; at < some.length; at += taken.at(-1)!) taken.push(applier.applyNext(some, at, []));
    return taken;
  };
  apply(before);
  expect(set).toEqual([
    [ada, 0],
    [ada, 1],
    [bob, 0],
  ]);
  set.length = 0;
  // Some of them come again.
  expect(apply([...events, ...after])).toEqual([5, 2, 1]);
  expect(set).toEqual([
    [ada, 4],
    [bob, 2],
    [ada, 5],
  ]);
  expect(applier.counts).toEqual({ folded: 9, dropped: 2 });
  const names = (brazeId: string): unknown => {
    const profile = table.get(brazeId)?.profile;
    return profile?.status === 'active' && Object.keys(profile.custom_events);
  };
  expect(names(ada)).toEqual(['seen', 'a', 'b', 'c', 'd']);
  expect(names(bob)).toEqual(['a', 'b']);
});

it('a run ends before an event that does not follow', async () => {
  const { store, table, events } = await opened();
  await appendTo(store, ada, customEventRecorded('a'), customEventRecorded('b'), customEventRecorded('c'));
  const more = (await store.readAll({ from: events.at(-1)!.position })).events;
  const applier = createApplier(table, store, undefined);
  const waiting: Promise<void>[] = [];
  applier.applyNext(events, 0, waiting);
  expect(applier.applyNext([events[1]!, more[0]!, more[2]!], 0, waiting)).toBe(2);
  expect(waiting).toEqual([]);
  expect(applier.applyNext([more[2]!], 0, waiting)).toBe(1);
  expect(waiting).toHaveLength(1);
  await expect(waiting[0]).rejects.toMatchObject({ code: 'events_missing' });
  expect(table.get(ada)?.revision).toBe(2);
});
