import { positionAt } from '@hearth/eventing';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { profileTable, type ProfileTable } from '../application/profile-table.ts';
import type { ReadModel } from '../application/read-model.ts';
import type { Standing } from '../application/standing.ts';
import { unknownProfile } from '../domain/profile.ts';
import { attributesUpdated, customEventRecorded } from '../testing/profile-events.ts';
import {
  applied,
  appendTo,
  created,
  openLog,
  openProjection,
  openTestReadModel,
  testFolder,
  userNumber,
} from '../testing/user-log.ts';
import { dumpHash } from './dump-profiles.ts';
import { rebuildProfiles } from './rebuild-profiles.ts';

const ada = userNumber(1);

/** A table over a read model whose threads are there, with answers of theirs that can be held back. */
const opened = async (cacheCharacters?: number) => {
  const store = await openLog(testFolder());
  const file = join(testFolder(), 'profiles.db');
  const { readModel } = await openTestReadModel(store, { file, readsBeforeThreads: 1 });
  onTestFinished(() => readModel.close());
  while (!readModel.rowElsewhere(ada)) await nextTurn();

  let gate: Promise<unknown> = Promise.resolve();
  const held: ReadModel = {
    ...readModel,
    rowElsewhere: (brazeId) => readModel.rowElsewhere(brazeId)?.then((row) => gate.then(() => row)),
  };
  const table = profileTable(held, cacheCharacters === undefined ? {} : { cacheCharacters });
  const standing = (revision: number): Standing => ({
    profile: unknownProfile,
    revision,
    position: positionAt(store.storeId, revision + 1),
  });
  /** Keeps answers back until what it gives is called. */
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  const write = async (revision: number): Promise<void> => {
    table.set(ada, standing(revision), table.get(ada));
    await table.flush(undefined);
  };
  return { table, newTable: () => profileTable(held), hold, write, standing };
};

const revisionOf = (table: ProfileTable): number | undefined => table.get(ada)?.revision;

it('a row is read elsewhere and then in memory', async () => {
  const { write, newTable } = await opened();
  await write(3);
  const table = newTable();
  expect(table.inMemory(ada)).toBeUndefined();
  await table.load(ada);
  expect(table.inMemory(ada)?.revision).toBe(3);
  expect(table.counts.misses).toBe(0);
  expect(table.load(ada)).toBeUndefined();
});

it('that a user has no row is known then, until there is one', async () => {
  const { table, write } = await opened(1);
  await table.load(ada);
  expect(table.load(ada)).toBeUndefined();
  expect(revisionOf(table)).toBeUndefined();
  expect(table.counts.misses).toBe(0);
  await write(0);
  expect(table.inMemory(ada)).toBeUndefined(); // the cache takes nothing
  expect(revisionOf(table)).toBe(0);
});

it.each([
  ['a row', true],
  ['no row', false],
])('%s that was read before the profile changed is not taken for what it is now', async (_, hasRow) => {
  const { write, newTable, hold, standing } = await opened();
  if (hasRow) await write(3);
  const table = newTable();
  const goOn = hold();
  const loading = table.load(ada);
  await nextTurn();
  table.set(ada, standing(4), undefined);
  await table.flush(undefined);
  goOn();
  await loading;
  expect(table.load(ada)).toBeUndefined();
  expect(revisionOf(table)).toBe(4);
});

it.each([
  ['by threads', 0],
  ['out of memory', 4 * 1024 * 1024],
])('profiles that are all read back %s are those that a rebuild folds', async (_, rowMemoryBytes) => {
  const folder = testFolder();
  const store = await openLog(folder);
  const file = join(folder, 'profiles.db');
  let elsewhere = 0;
  const counting = (readModel: ReadModel): ReadModel => ({
    ...readModel,
    rowElsewhere: (brazeId) => {
      const found = readModel.rowElsewhere(brazeId);
      if (found) elsewhere += 1;
      return found;
    },
  });
  const live = await openProjection(store, {
    file,
    wrap: counting,
    readsBeforeThreads: 1,
    cacheCharacters: 1,
    rowMemoryBytes,
    maxWaiting: 3,
    flushIntervalMs: 5,
  });
  const users = Array.from({ length: 20 }, (_, n) => userNumber(n));
  for (const user of users) await appendTo(store, user, created(user));
  for (let round = 0; round < 30 && elsewhere < 200; round++) {
    await Promise.all(
      users.flatMap((user, n) => [
        appendTo(store, user, attributesUpdated({ custom: { n: { inc: n }, tags: { add: [`t${round}`] } } })),
        appendTo(store, user, customEventRecorded('seen')),
      ]),
    );
    await applied(store, live);
    const [some] = await live.projection.readProfiles([
      { braze_id: users[round % 20]!, min_revision: 2, select: {} },
    ]);
    expect(some).toHaveProperty('profile');
  }
  if (rowMemoryBytes > 0) expect(elsewhere).toBe(0);
  else expect(elsewhere).toBeGreaterThan(20);
  expect(live.failures).toEqual([]);
  await live.projection.stop();
  const rebuilt = await rebuildProfiles({ store, file: join(folder, 'rebuilt.db') });
  expect(dumpHash(file)).toBe(rebuilt.hash);
});
