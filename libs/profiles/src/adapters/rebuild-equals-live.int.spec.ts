import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dumpHash, dumpProfiles } from './dump-profiles.ts';
import { rebuildProfiles } from './rebuild-profiles.ts';
import { attributesUpdated, customEventRecorded, purchaseRecorded } from '../testing/profile-events.ts';
import {
  applied,
  appendTo,
  created,
  openLog,
  openProjection,
  testFolder,
  userNumber,
} from '../testing/user-log.ts';
import { userStream, type UserEvent } from '@hearth/contracts';
import { asNewEvents } from '../testing/user-log.ts';
import { logModule } from '../testing/sqlite-log.ts';
import { ReadModelError, type ReadModel } from '../application/read-model.ts';

const users = Array.from({ length: 40 }, (_, n) => userNumber(n));
const [alice, bob] = users as [string, string];

const newLog = async () => {
  const folder = testFolder();
  return { folder, file: join(folder, 'profiles.db'), store: await openLog(folder) };
};
type Log = Awaited<ReturnType<typeof newLog>>;

/** A little of everything, spread over many users. */
const someHistory = async ({ store }: Log, from = 0): Promise<void> => {
  for (const [n, user] of users.entries()) {
    if (from === 0) await appendTo(store, user, created(user, n % 3 === 0 ? `u${n % 5}@b.co` : undefined));
    await appendTo(
      store,
      user,
      attributesUpdated({ custom: { n: { inc: n }, tags: { add: [`t${from}`] } } }),
    );
    await appendTo(store, user, customEventRecorded('seen'), purchaseRecorded('p', { quantity: 2 }));
    if (n % 10 === 9 && from === 0) await appendTo(store, user, { type: 'UserDeleted', data: {} });
  }
};

const dumpedUsers = (file: string): readonly string[] =>
  [...dumpProfiles(file)].filter((line) => line.includes('"document":'));

/** The hash of what a rebuild gives on one thread, and the same on three. */
const rebuiltHash = async ({ folder, store }: Log): Promise<string> => {
  const rebuilt = (threads: number) =>
    rebuildProfiles({
      store,
      file: join(folder, `rebuilt-${Math.random()}.db`),
      log: logModule(store.file),
      threads,
      maxHeld: 9,
    });
  const one = await rebuilt(1);
  expect(await rebuilt(3)).toEqual(one);
  return one.hash;
};

describe('the projection', () => {
  it('gives the same dump live, after a restart, and rebuilt', async () => {
    const log = await newLog();
    await someHistory(log);
    const first = await openProjection(log.store, { file: log.file });
    await someHistory(log, 1);
    await applied(log.store, first);
    await first.projection.stop();
    expect(dumpedUsers(log.file)).toHaveLength(users.length);
    expect(dumpHash(log.file)).toBe(await rebuiltHash(log));

    await someHistory(log, 2);
    const second = await openProjection(log.store, { file: log.file });
    await second.projection.whenCaughtUp();
    expect(second.rebuilds).toEqual([]);
    expect(second.projection.stats().folded).toBe(3 * users.length);
    await second.projection.stop();
    expect(dumpHash(log.file)).toBe(await rebuiltHash(log));
  });

  it('gives the same dump when what was applied and not written down is lost, at any moment', async () => {
    const log = await newLog();
    await someHistory(log);
    for (let writes = 0; writes < 12; writes += 3) {
      let left = writes;
      // The process is gone after some writes: rows of a flush stand, and its checkpoint may not.
      const gone = (readModel: ReadModel): ReadModel => ({
        ...readModel,
        write: async (...written) => {
          if (left-- > 0) return readModel.write(...written);
          throw new Error('gone');
        },
      });
      const killed = await openProjection(log.store, {
        file: log.file,
        wrap: gone,
        rowsPerTurn: 7,
        maxWaiting: 5,
      });
      await killed.projection.whenCaughtUp().catch(() => undefined);
      await killed.projection.stop().catch(() => undefined);
    }
    const next = await openProjection(log.store, { file: log.file });
    await applied(log.store, next);
    expect(next.rebuilds).toEqual([]);
    await next.projection.stop();
    expect(dumpHash(log.file)).toBe(await rebuiltHash(log));
  });

  it('gives the same dump when merges are taken back, while it runs, while it is stopped, and before it began', async () => {
    const log = await newLog();
    const into = (from: string): UserEvent => ({
      type: 'UserMerged',
      data: { from, at_revision: 2, contributed: { custom_attributes: { brought: from } } },
    });
    const undone = (other: string, undone_revision: number): UserEvent => ({
      type: 'MergeUndone',
      data: { with: other, undone_revision },
    });
    const pair = async (survivor: string, merged: string): Promise<() => Promise<unknown>> => {
      await appendTo(log.store, merged, created(merged), attributesUpdated({ custom: { brought: merged } }));
      await appendTo(log.store, merged, { type: 'MergedInto', data: { braze_id: survivor } });
      await appendTo(log.store, survivor, created(survivor), into(merged), customEventRecorded('later'));
      return async () => {
        await appendTo(log.store, survivor, undone(merged, 1), customEventRecorded('after'));
        await appendTo(log.store, merged, undone(survivor, 2));
      };
    };
    const before = await pair(userNumber(1), userNumber(2));
    await before();
    const [running, stopped] = [
      await pair(userNumber(3), userNumber(4)),
      await pair(userNumber(5), userNumber(6)),
    ];
    const live = await openProjection(log.store, { file: log.file });
    await applied(log.store, live);
    await running();
    await applied(log.store, live);
    await live.projection.stop();
    await stopped();
    const again = await openProjection(log.store, { file: log.file });
    await applied(log.store, again);
    await again.projection.stop();

    expect(again.failures).toEqual([]);
    const dumped = dumpedUsers(log.file);
    expect(dumped).toHaveLength(6);
    expect(dumped.filter((line) => line.includes('"status":"active"'))).toHaveLength(6);
    expect(dumped.filter((line) => line.includes('"brought"'))).toHaveLength(3);
    expect(dumpHash(log.file)).toBe(await rebuiltHash(log));
  });

  it('folds users of its partitions only', async () => {
    const log = await newLog();
    await someHistory(log);
    const half = await openProjection(log.store, { file: log.file, partitions: '00-7f' });
    await applied(log.store, half);
    await half.projection.stop();
    expect(dumpedUsers(log.file)).toHaveLength(users.filter((user) => user < '8').length);
    const whole = await openProjection(log.store, { file: log.file });
    expect(whole.rebuilds).toEqual([expect.stringContaining('other partitions')]);
  });

  it('writes down nothing personal of a deleted user, with the log erased before or after', async () => {
    const log = await newLog();
    await appendTo(log.store, alice, created(alice, 'alice@b.co'), customEventRecorded('seen'));
    await appendTo(log.store, bob, created(bob, 'bob@b.co'), customEventRecorded('seen'));
    const live = await openProjection(log.store, { file: log.file });
    await live.projection.whenCaughtUp();
    for (const user of [alice, bob]) {
      const { revision } = await appendTo(log.store, user, { type: 'UserDeleted', data: {} });
      if (user === alice) await applied(log.store, live);
      await log.store.eraseBefore(userStream(user), revision);
    }
    await applied(log.store, live);
    await live.projection.stop();
    expect(dumpHash(log.file)).toBe(await rebuiltHash(log));
    expect([...dumpProfiles(log.file)].join()).not.toContain('b.co');
  });

  it('begins anew with what an erasure left, when it was behind', async () => {
    const log = await newLog();
    await appendTo(log.store, alice, created(alice), customEventRecorded('seen'));
    const before = await openProjection(log.store, { file: log.file });
    await applied(log.store, before);
    await before.projection.stop();
    await appendTo(log.store, alice, customEventRecorded('seen'));
    const { revision } = await appendTo(log.store, alice, { type: 'UserDeleted', data: {} });
    await log.store.eraseBefore(userStream(alice), revision);
    const after = await openProjection(log.store, { file: log.file });
    await applied(log.store, after);
    expect(
      await after.projection.readProfiles([{ braze_id: alice, min_revision: revision, select: {} }]),
    ).toEqual([{ revision, profile: null }]);
  });

  it('stops loudly at an event that is not what it says, and answers nothing from then on', async () => {
    const log = await newLog();
    await appendTo(log.store, alice, created(alice));
    const open = await openProjection(log.store, { file: log.file });
    await open.projection.whenCaughtUp();
    const [event] = asNewEvents([customEventRecorded('x')]);
    await log.store.append(userStream(alice), [{ ...event!, data: null }], { expectedRevision: 0 });
    await expect.poll(() => open.failures).toEqual([expect.objectContaining({ code: 'fold_failed' })]);
    expect(open.projection.problem?.message).toContain(
      `Event 1 (CustomEventRecorded) of ${userStream(alice)}`,
    );
    expect(open.projection.readProfiles([{ braze_id: bob, min_revision: -1, select: {} }])).toEqual([
      { error: { code: 'fold_failed', message: expect.any(String) } },
    ]);
    expect(await open.projection.resolveIdentifiers([{ kind: 'email', value: 'x' }])).toEqual([
      { error: { code: 'fold_failed', message: expect.any(String) } },
    ]);
  });

  it('answers nothing while it cannot write, and goes on when it can', async () => {
    const log = await newLog();
    let full = true;
    const open = await openProjection(log.store, {
      file: log.file,
      maxWaiting: 1,
      wrap: (readModel) => ({
        ...readModel,
        write: async (...written) => {
          if (full) throw new ReadModelError('read_model_full', 'the disk is full');
          return readModel.write(...written);
        },
      }),
    });
    await open.projection.whenCaughtUp();
    await appendTo(log.store, alice, created(alice));
    await expect.poll(() => open.projection.problem?.message).toBe('the disk is full');
    const read = () => open.projection.readProfiles([{ braze_id: alice, min_revision: 0, select: {} }]);
    expect(read()).toEqual([{ error: { code: 'read_model_full', message: 'the disk is full' } }]);
    full = false;
    await expect.poll(() => open.projection.problem, { timeout: 5_000 }).toBeUndefined();
    expect(await read()).toEqual([{ revision: 0, profile: {} }]);
    expect(open.failures).toEqual([]);
  });
});
