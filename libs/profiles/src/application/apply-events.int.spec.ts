import { userStream } from '@hearth/contracts';
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
  return { table, applier, events, written };
};

it('a new user is not looked for among the rows', async () => {
  const { table, applier, events } = await opened();
  for (const event of events) await applier.apply(event);
  expect(table.get(ada)?.revision).toBe(1);
  expect(table.counts.misses).toBe(0);
});

it.each([1, 2])(
  'a first event that comes again is dropped, %i events having been written down',
  async (count) => {
    const { table, applier, events, written } = await opened();
    for (const event of events.slice(0, count)) await applier.apply(event);
    await written();
    for (const event of events) await applier.apply(event);
    expect(applier.counts).toEqual({ folded: 2, dropped: count });
    expect(table.get(ada)?.revision).toBe(1);
  },
);

it('a first event that was applied before its turn in the log is dropped when its turn comes', async () => {
  const { table, applier, events, written } = await opened();
  await applier.applyTail(ada);
  await written();
  for (const event of events) await applier.apply(event);
  expect(applier.counts).toEqual({ folded: 2, dropped: 2 });
  expect(table.get(ada)?.revision).toBe(1);
});
