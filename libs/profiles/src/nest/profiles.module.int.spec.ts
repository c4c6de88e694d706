import { profilesReadSubject, PROFILE_OWNERS_PRESENT, type ProfileOwnerPresence } from '@hearth/contracts';
import { coalesce, inProcessBus } from '@hearth/messaging';
import { connectMessaging, createHttpApp } from '@hearth/nest-kit';
import { testService } from '@hearth/nest-kit/testing';
import { listenForProfileOwners, profilesClient } from '@hearth/profiles-client';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dumpProfiles } from '../adapters/dump-profiles.ts';
import { attributesUpdated, customEventRecorded } from '../testing/profile-events.ts';
import { appendTo, created, openLog, testFolder, userNumber } from '../testing/user-log.ts';
import { openProfiles } from './open-profiles.ts';

const alice = userNumber(1);
const PATIENT = { timeoutMs: 10_000 } as const;

/** The service as its process starts it, with a client on the other end of the messages. */
const start = async () => {
  const dataDir = testFolder();
  const store = await openLog(dataDir);
  const bus = inProcessBus();
  const [serving, asking] = [bus.connect(), bus.connect()];
  const service = testService();
  onTestFinished(async () => void (await service.lifecycle.stop('the test is over')));
  const profiles = await openProfiles(
    service,
    { store, messaging: serving, clock: Date, newId: randomUUID },
    { dataDir, partitions: '00-ff', baseCurrency: 'USD' },
  );
  const app = await createHttpApp(profiles.module, service);
  connectMessaging(app, serving);
  await app.startAllMicroservices();
  service.lifecycle.onStop('intake', 'http', () => app.close());
  const heard: ProfileOwnerPresence[] = [];
  asking.subscribe(PROFILE_OWNERS_PRESENT, (payload) => void heard.push(payload as ProfileOwnerPresence));
  const owners = listenForProfileOwners(asking, Date);
  profiles.serve();
  await expect.poll(() => owners.all()).toHaveLength(1);
  service.health.started();
  return { dataDir, store, service, app, asking, owners, heard, client: profilesClient(asking, owners) };
};

describe('the service of profiles', () => {
  it('answers reads and look-ups of a client, and shows what it did', async () => {
    const { store, client, service, app } = await start();
    const { revision, position, appended } = await appendTo(
      store,
      alice,
      created(alice, 'a@b.co'),
      attributesUpdated({ custom: { tier: 'gold' } }),
    );
    const select = { custom_attributes: ['tier'] };
    expect(await client.read({ braze_id: alice, min_revision: revision, select, appended }, PATIENT)).toEqual(
      {
        revision,
        profile: { custom_attributes: { tier: 'gold' } },
      },
    );
    expect(
      await client.resolve({ kind: 'email', value: 'a@b.co', min_position: position }, PATIENT),
    ).toMatchObject([{ braze_id: alice, revision }]);
    await expect(client.read({ braze_id: alice, min_revision: 99, select }, PATIENT)).rejects.toMatchObject({
      code: 'not_reached',
    });
    expect(await service.health.readiness()).toMatchObject({ ready: true, checks: { profiles: 'ok' } });
    const { body } = await app.getHttpAdapter().getInstance().inject('/metrics');
    expect(body).toContain('hearth_profiles_folded_total{service="test"} 2');
    expect(body).toContain('hearth_profiles_lag_seconds{service="test"} 0');
  });

  it('stops in order: says that it serves no more, answers what is in flight, writes everything down', async () => {
    const { dataDir, store, service, asking, owners, heard } = await start();
    const [{ owner }] = heard as [ProfileOwnerPresence];
    const { revision } = await appendTo(store, alice, created(alice), customEventRecorded('seen'));
    const request = { braze_id: alice, min_revision: revision, select: { custom_events: ['seen'] } };
    const answer = coalesce(asking)(profilesReadSubject(owner), request, PATIENT);
    await new Promise(setImmediate);
    expect(await service.lifecycle.stop('told to')).toBe(true);
    expect(await answer).toMatchObject({ profile: { custom_events: [{ name: 'seen', count: 1 }] } });
    expect(heard.at(-1)).toEqual({ owner, partitions: '00-ff', serving: false });
    expect(owners.all()).toBeUndefined();
    expect([...dumpProfiles(join(dataDir, 'profiles.db'))]).toEqual([
      expect.stringContaining(alice),
      expect.stringContaining('"name":"seen"'),
    ]);
  });
});
