import { join } from 'node:path';
import { userStream, type UserEvent } from '@hearth/contracts';
import type { SqliteEventStore } from '@hearth/eventstore-sqlite';
import { describe, expect, it } from 'vitest';
import { attributesUpdated, customEventRecorded } from '../testing/profile-events.ts';
import { logModule } from '../testing/sqlite-log.ts';
import { appendTo, asNewEvents, created, openLog, testFolder, userNumber } from '../testing/user-log.ts';
import { dumpProfiles } from './dump-profiles.ts';
import { rebuildProfiles, type RebuildProfiles } from './rebuild-profiles.ts';

const USERS = 30;

/** More than a page of events, each user's spread over the whole log. */
const filledLog = async () => {
  const folder = testFolder();
  const store = await openLog(folder);
  const toAll = async (...events: readonly UserEvent[]): Promise<void> => {
    for (let n = 0; n < USERS; n++) await appendTo(store, userNumber(n), ...events);
  };
  for (let n = 0; n < USERS; n++) await appendTo(store, userNumber(n), created(userNumber(n)));
  for (let round = 0; round < 20; round++)
    await toAll(
      customEventRecorded(`seen-${round % 4}`),
      attributesUpdated({ custom: { n: { inc: round }, gone: round % 2 === 0 ? round : null } }),
    );
  return { folder, store };
};

const onThreads = (folder: string, store: SqliteEventStore, options: Partial<RebuildProfiles>) => {
  const file = join(folder, `rebuilt-${Math.random()}.db`);
  return { file, rebuilding: rebuildProfiles({ store, file, log: logModule(store.file), ...options }) };
};

describe('a rebuild on several threads', () => {
  it('gives the same rows, counts and position for any number of threads and any memory', async () => {
    const { folder, store } = await filledLog();
    const alone = await onThreads(folder, store, { threads: 1 }).rebuilding;
    expect(alone).toMatchObject({ events: USERS * 41, position: await store.head() });
    for (const options of [{ threads: 2 }, { threads: 5, maxHeld: 10 }, { threads: 1, maxHeld: 3 }])
      expect(await onThreads(folder, store, options).rebuilding).toEqual(alone);
  });

  it('folds the users of the partitions it is told of, with no more threads than there are partitions', async () => {
    const { folder, store } = await filledLog();
    const partition = userNumber(0).slice(0, 2);
    const { file, rebuilding } = onThreads(folder, store, { threads: 4, partitions: partition });
    const { events } = await rebuilding;
    const mine = Array.from({ length: USERS }, (_, n) => userNumber(n)).filter((user) =>
      user.startsWith(partition),
    );
    expect(events).toBe(mine.length * 41);
    const dumped = [...dumpProfiles(file)].filter((line) => line.includes('"document":'));
    expect(dumped).toHaveLength(mine.length);
  });

  it('tells of progress', async () => {
    const { folder, store } = await filledLog();
    const seen: number[] = [];
    await onThreads(folder, store, { threads: 2, onProgress: (events) => void seen.push(events) }).rebuilding;
    expect(seen.at(-1)).toBe(USERS * 41);
  });

  it('fails with what the thread says that failed, as one thread would', async () => {
    const { folder, store } = await filledLog();
    const [event] = asNewEvents([customEventRecorded('x')]);
    const broken = userStream(userNumber(3));
    await store.append(broken, [{ ...event!, data: null }], { expectedRevision: 'stream_exists' });
    for (const threads of [1, 2])
      await expect(onThreads(folder, store, { threads }).rebuilding).rejects.toMatchObject({
        name: 'ProjectionError',
        code: 'fold_failed',
        message: expect.stringContaining(broken) as string,
      });
  });

  it('fails where a thread cannot open the log', async () => {
    const { folder, store } = await filledLog();
    const log = logModule(join(folder, 'nowhere.db'));
    await expect(onThreads(folder, store, { threads: 2, log }).rebuilding).rejects.toThrow(/not there yet/);
  });

  it('ends when it is told to', async () => {
    const { folder, store } = await filledLog();
    for (const threads of [1, 2])
      await expect(
        onThreads(folder, store, { threads, signal: AbortSignal.abort() }).rebuilding,
      ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
