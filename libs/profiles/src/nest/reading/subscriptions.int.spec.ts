import { WORKSPACE_STREAM, type UserEvent, type WorkspaceEvent } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';
import { attributesUpdated } from '../../testing/profile-events.ts';
import { startReading, type ReadingService } from '../../testing/reading-service.ts';
import { appendTo, asNewEvents, created, userNumber } from '../../testing/user-log.ts';

const [alice, bob] = [userNumber(1), userNumber(2)];
const NEWS = '2f1b5e36-5f2a-4d1c-9d9c-8b8e2a6ecb6f';
const OFFERS = '3f1b5e36-5f2a-4d1c-9d9c-8b8e2a6ecb6f';

const changed = (
  subscription_group_id: string,
  subscription_state: 'subscribed' | 'unsubscribed',
): UserEvent => ({
  type: 'SubscriptionGroupChanged',
  data: { subscription_group_id, subscription_state },
});
const set = async ({ store }: ReadingService, ...events: readonly WorkspaceEvent[]) =>
  store.append(WORKSPACE_STREAM, asNewEvents(events as unknown as readonly UserEvent[]), {
    expectedRevision: 'any',
  });

const start = async () => {
  const service = await startReading();
  await appendTo(
    service.store,
    alice,
    created(alice),
    attributesUpdated({ fields: { email: 'a@b.co' } }),
    changed(NEWS, 'subscribed'),
    changed(OFFERS, 'unsubscribed'),
  );
  const { position } = await appendTo(
    service.store,
    bob,
    created(bob),
    attributesUpdated({ fields: { email: 'a@b.co', phone: '+12025550123' } }),
  );
  const get = (path: string) => service.get(`${path}&min_position=${position}`);
  return { service, get };
};

describe('the state in a group', () => {
  it('is shown by the identifiers asked for', async () => {
    const { get } = await start();
    const url = `/subscription/status/get?subscription_group_id=${NEWS}`;
    expect(
      await get(`${url}&external_id[]=id-${alice}&external_id[]=id-${bob}&external_id[]=x&email=a@b.co`),
    ).toEqual({
      status: 200,
      body: {
        message: 'success',
        status: { [`id-${alice}`]: 'Subscribed', [`id-${bob}`]: 'unknown', x: 'unknown' },
      },
    });
    expect((await get(`${url}&email=A@b.co&phone=+12025550123`)).body).toEqual({
      message: 'success',
      status: { 'A@b.co': 'Subscribed', '+12025550123': 'unknown' },
    });
  });

  it('is that of the group whose id is written in capitals', async () => {
    const { get } = await start();
    const url = `/subscription/status/get?subscription_group_id=${NEWS.toUpperCase()}`;
    expect((await get(`${url}&external_id=id-${alice}`)).body).toMatchObject({
      status: { [`id-${alice}`]: 'Subscribed' },
    });
  });

  it('is refused for a group that the workspace does not have', async () => {
    const { service, get } = await start();
    const refused = { status: 400, body: { message: 'Invalid subscription group ID' } };
    expect(await get('/subscription/status/get?external_id=x')).toEqual(refused);
    expect(await get('/subscription/status/get?subscription_group_id=x&external_id=x')).toEqual(refused);
    await set(service, {
      type: 'SubscriptionGroupCreated',
      data: { id: OFFERS, name: 'Offers', channel: 'email' },
    });
    const url = `/subscription/status/get?external_id=x&subscription_group_id=`;
    await expect.poll(() => get(url + NEWS)).toEqual(refused);
    expect((await get(url + OFFERS)).status).toBe(200);
    expect((await get(url + OFFERS.toUpperCase())).status).toBe(200);
  });

  it.each([
    ["'external_id', 'email' or 'phone' is required", ''],
    ['The max number of ids per request was exceeded', 'email[]=x&'.repeat(51)],
  ])('says %s', async (message, query) => {
    const { get } = await start();
    expect(await get(`/subscription/user/status?${query}`)).toEqual({ status: 400, body: { message } });
  });
});

describe('the groups of users', () => {
  it('are those of the workspace that they had a state in, with their names', async () => {
    const { service, get } = await start();
    const url = `/subscription/user/status?external_id=id-${alice}&email=a@b.co`;
    expect((await get(url)).body['users']).toMatchObject([
      {
        subscription_groups: [
          { id: NEWS, name: NEWS, channel: 'email', status: 'Subscribed' },
          { id: OFFERS, name: OFFERS, channel: 'email', status: 'Unsubscribed' },
        ],
      },
      { subscription_groups: [] },
    ]);
    await set(service, {
      type: 'SubscriptionGroupCreated',
      data: { id: NEWS, name: 'News', channel: 'sms' },
    });
    const [one, two] = [
      {
        external_id: `id-${alice}`,
        email: 'a@b.co',
        phone: null,
        subscription_groups: [{ id: NEWS, name: 'News', channel: 'sms', status: 'Subscribed' }],
      },
      { external_id: `id-${bob}`, email: 'a@b.co', phone: '+12025550123', subscription_groups: [] },
    ];
    await expect
      .poll(async () => (await get(url)).body)
      .toEqual({ message: 'success', users: [one, two], total_count: 2 });
    expect((await get(`${url}&limit=1&offset=1`)).body).toEqual({
      message: 'success',
      users: [two],
      total_count: 2,
    });
    expect(await get(`${url}&limit=101`)).toEqual({
      status: 400,
      body: { message: "'limit' is not valid" },
    });
    expect((await get(`${url}&limit=&offset=`)).status).toBe(200);
  });
});

it('blocklisted attributes are hidden from an export', async () => {
  const { service, get } = await start();
  await appendTo(service.store, alice, attributesUpdated({ custom: { secret: 1, open: 2 } }));
  await set(service, { type: 'AttributeBlocklisted', data: { name: 'secret' } });
  const position = await service.store.head();
  expect((await get(`/subscription/user/status?email=x`)).status).toBe(200);
  await expect
    .poll(
      async () =>
        (
          await service.post('/users/export/ids', {
            braze_id: alice,
            fields_to_export: ['custom_attributes'],
            min_position: position,
          })
        ).body['users'],
    )
    .toEqual([{ custom_attributes: { open: 2 } }]);
});
