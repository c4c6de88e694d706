import type { ReadProfile } from '@hearth/contracts';
import { positionAt, type EventStore } from '@hearth/eventing';
import { silentLogger } from '@hearth/nest-kit';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
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
  type Appended,
} from '../testing/user-log.ts';
import { startProjection } from './projection.ts';

const [alice, bob] = [userNumber(1), userNumber(2)];
const inc = attributesUpdated({ custom: { n: { inc: 1 } } });
const n = (brazeId: string, { revision, appended }: Appended, rides = true): ReadProfile => ({
  braze_id: brazeId,
  min_revision: revision,
  select: { custom_attributes: ['n'] },
  ...(rides && { appended }),
});
const standsAt = (revision: number, value: number) => ({
  revision,
  profile: { custom_attributes: { n: value } },
});

/** A projection whose subscription (or whose whole log) delivers nothing until told to; it counts reads of streams. */
const laggingProjection = async (held: 'subscription' | 'log' = 'subscription', options = {}) => {
  const folder = testFolder();
  const store = await openLog(folder);
  const { readModel } = await openTestReadModel(store, { file: join(folder, 'profiles.db') });
  const released = Promise.withResolvers<void>();
  let tailReads = 0;
  const lagging: EventStore = {
    ...store,
    readStream: (...asked) => {
      tailReads++;
      return store.readStream(...asked);
    },
    async readAll(asked) {
      if (held === 'log') await released.promise;
      return store.readAll(asked);
    },
    async *subscribe(options) {
      await Promise.race([
        released.promise,
        new Promise((end) => options?.signal?.addEventListener('abort', end)),
      ]);
      yield* store.subscribe(options);
    },
  };
  const projection = startProjection(
    { store: lagging, readModel, logger: silentLogger, pause },
    { partitions: '00-ff', ...options },
  );
  onTestFinished(() => projection.stop());
  if (held === 'subscription') await projection.whenCaughtUp();
  return { store, projection, release: () => released.resolve(), tailReads: () => tailReads };
};

describe('a read of profiles', () => {
  it('folds what rides along at once, and drops it when the subscription brings it', async () => {
    const { store, projection, release, tailReads } = await laggingProjection();
    const first = await appendTo(store, alice, created(alice), inc);
    expect(await projection.readProfiles([n(alice, first)])).toEqual([standsAt(1, 1)]);
    const second = await appendTo(store, alice, inc);
    expect(await projection.readProfiles([n(alice, second)])).toEqual([standsAt(2, 2)]);
    expect(tailReads()).toBe(0);
    expect(projection.stats()).toMatchObject({ folded: 3, dropped: 0 });

    release();
    await expect.poll(() => projection.stats().dropped).toBe(3);
    expect(projection.stats().folded).toBe(3);
    expect(await projection.readProfiles([n(alice, second)])).toEqual([standsAt(2, 2)]);
  });

  it('answers out of the stream where it stands further back', async () => {
    const { store, projection } = await laggingProjection();
    await appendTo(store, alice, created(alice), inc, inc);
    const last = await appendTo(store, alice, inc);
    expect(await projection.readProfiles([n(alice, last)])).toEqual([standsAt(3, 3)]);
    const more = await appendTo(store, alice, inc);
    expect(await projection.readProfiles([n(alice, more, false)])).toEqual([standsAt(4, 4)]);
  });

  it('answers while everything is folded from nothing, and counts what it answered with once', async () => {
    const { store, projection, release } = await laggingProjection('log', {
      flushIntervalMs: 1,
      cacheCharacters: 1,
    });
    const first = await appendTo(store, alice, created(alice), inc);
    await appendTo(store, bob, created(bob), inc);
    const second = await appendTo(store, bob, inc);
    expect(await projection.readProfiles([n(alice, first), n(bob, second)])).toEqual([
      standsAt(1, 1),
      standsAt(2, 2),
    ]);
    await expect.poll(() => projection.stats()).toMatchObject({ waiting: 0, cached: 0, rowsWritten: 2 });
    expect(await projection.resolveIdentifiers([{ kind: 'email', value: 'a@b.co' }])).toMatchObject([
      { error: { code: 'catching_up' } },
    ]);
    release();
    await projection.whenCaughtUp();
    expect(projection.stats()).toMatchObject({ folded: 5, dropped: 5 });
    expect(await projection.readProfiles([n(bob, second)])).toEqual([standsAt(2, 2)]);
  });

  it('reads a tail longer than a page', async () => {
    const { store, projection } = await laggingProjection();
    await appendTo(store, alice, created(alice));
    const last = await appendTo(store, alice, ...Array(1_200).fill(inc));
    expect(await projection.readProfiles([n(alice, last, false)])).toEqual([standsAt(1_200, 1_200)]);
  });

  it('counts nothing twice, whatever order reads of one user come in', async () => {
    const { store, projection, release } = await laggingProjection();
    const writes = [await appendTo(store, alice, created(alice))];
    for (let i = 1; i <= 30; i++) writes.push(await appendTo(store, alice, inc));
    release();
    const replies = await Promise.all(
      [...writes.slice(1).toReversed(), ...writes.slice(1)].map(async (write) =>
        projection.readProfiles([n(alice, write)]),
      ),
    );
    for (const [index, write] of [...writes.slice(1).toReversed(), ...writes.slice(1)].entries()) {
      const [reply] = replies[index]!;
      expect(reply).toMatchObject({ revision: expect.any(Number) });
      const { revision } = reply as { revision: number };
      expect(revision).toBeGreaterThanOrEqual(write.revision);
      expect(reply).toEqual(standsAt(revision, revision));
    }
  });

  it('takes a write that rides along twice for one', async () => {
    const { store, projection } = await laggingProjection();
    const first = await appendTo(store, alice, created(alice), inc);
    expect(await projection.readProfiles([n(alice, first), n(alice, first)])).toEqual([
      standsAt(1, 1),
      standsAt(1, 1),
    ]);
  });

  it('goes by the log where what rides along belongs to another one', async () => {
    const { store, projection, tailReads } = await laggingProjection();
    const written = await appendTo(store, alice, created(alice), inc);
    const appended = { ...written.appended, position: positionAt('00000000', 7) };
    expect(await projection.readProfiles([{ ...n(alice, written), appended }])).toEqual([standsAt(1, 1)]);
    expect(tailReads()).toBe(1);
  });

  it('answers item by item, in order', async () => {
    const { store, projection } = await laggingProjection();
    const written = await appendTo(store, alice, created(alice), inc, customEventRecorded('seen'));
    const unheardOf = { braze_id: bob, min_revision: 3, select: {} };
    const [missing, found, nobody] = await projection.readProfiles([
      unheardOf,
      { ...n(alice, written), select: { custom_events: ['seen', 'unseen'] } },
      { braze_id: bob, min_revision: -1, select: {} },
    ]);
    expect(missing).toEqual({
      error: { code: 'not_reached', message: expect.stringContaining('short of 3') },
    });
    expect(found).toMatchObject({ revision: 2, profile: { custom_events: [{ name: 'seen', count: 1 }] } });
    expect(nobody).toEqual({ revision: -1, profile: null });
  });

  it('finds written-down profiles after a restart', async () => {
    const folder = testFolder();
    const store = await openLog(folder);
    const file = join(folder, 'profiles.db');
    const before = await openProjection(store, { file });
    const written = await appendTo(store, alice, created(alice), inc);
    await applied(store, before);
    await before.projection.stop();
    const { projection } = await openProjection(store, { file });
    await projection.whenCaughtUp();
    expect(await projection.readProfiles([n(alice, written, false)])).toEqual([standsAt(1, 1)]);
    expect(projection.stats()).toMatchObject({ folded: 0, misses: 1 });
  });
});
