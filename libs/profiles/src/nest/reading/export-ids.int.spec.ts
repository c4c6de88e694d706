import { userStream, WORKSPACE_STREAM, type UserEvent } from '@hearth/contracts';
import { parsePosition, positionAt } from '@hearth/eventing';
import { describe, expect, it } from 'vitest';
import { attributesUpdated, customEventRecorded, purchaseRecorded } from '../../testing/profile-events.ts';
import { startReading, type ReadingService } from '../../testing/reading-service.ts';
import { appendTo, asNewEvents, created, userNumber } from '../../testing/user-log.ts';

const now = Date.parse('2024-01-15T00:00:00.000Z');
const users = Array.from({ length: 12 }, (_, n) => userNumber(n));
const [alice, bob] = users as [string, string];
const idOf = (user: string): string => `id-${user}`;

const start = () => startReading({ now: () => now });
const write = ({ store }: ReadingService, user: string, ...events: readonly UserEvent[]) =>
  appendTo(store, user, ...events);
const aliasAdded = (alias_name: string): UserEvent => ({
  type: 'IdentifierAdded',
  data: { identifier: { kind: 'user_alias', value: { alias_name, alias_label: 'l' } } },
});

describe('an export by identifiers', () => {
  it('shows the users of all owners, each once, and which identifiers name nobody', async () => {
    const service = await start();
    for (const user of users)
      await write(service, user, created(user), attributesUpdated({ fields: { email: 'a@b.co' } }));
    await write(service, alice, aliasAdded('n'));
    const { position } = await write(
      service,
      alice,
      attributesUpdated({ push_tokens: [{ app_id: 'app', token: 't', device_id: 'device-1' }] }),
    );
    const { status, body } = await service.post('/users/export/ids', {
      external_ids: [...users.map(idOf), null, 'nobody', idOf(alice)],
      user_aliases: [
        { alias_name: 'n', alias_label: 'l' },
        { alias_name: 'm', alias_label: 'l' },
      ],
      device_id: 'device-1',
      braze_id: alice,
      email_address: 'A@B.co',
      phone: '+12025550123',
      fields_to_export: ['external_id', 'braze_id', 'no_such_field'],
      min_position: position,
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      message: 'success',
      users: expect.arrayContaining(
        users.map((user) => ({ external_id: idOf(user), braze_id: user })),
      ) as unknown,
      invalid_user_ids: ['nobody', 'm', '+12025550123'],
    });
    expect(body['users']).toHaveLength(users.length);
  });

  it('shows the documented object, with empty fields left out', async () => {
    const service = await start();
    const { position } = await write(
      service,
      alice,
      created(alice),
      aliasAdded('n'),
      attributesUpdated({
        fields: {
          first_name: 'Jon',
          phone: '+442071838750',
          email_subscribe: 'opted_in',
          current_location: { longitude: -73.98, latitude: 40.75 },
          image_url: 'https://example.com/a.png',
        },
        custom: { tags: ['a'], at: { $time: '2024-01-01T00:00:00.000Z' }, __proto__: 1 },
      }),
      customEventRecorded('old', '2023-01-01T00:00:00.000Z'),
      customEventRecorded('new', '2024-01-02T00:00:00.000Z'),
      purchaseRecorded('p', { price: 2.5, quantity: 3 }),
      purchaseRecorded('p', { price: 100, currency: 'EUR' }),
    );
    const { body } = await service.post(
      '/users/export/ids',
      { phone: '442071838750' },
      { 'x-hearth-min-position': position },
    );
    const time = expect.stringMatching(/^2024-01-01T.*Z$/) as unknown;
    expect(body).toEqual({
      message: 'success',
      users: [
        {
          created_at: time,
          external_id: idOf(alice),
          user_aliases: [{ alias_name: 'n', alias_label: 'l' }],
          braze_id: alice,
          first_name: 'Jon',
          phone: '+442071838750',
          last_coordinates: [-73.98, 40.75],
          total_revenue: 7.5,
          random_bucket: 1,
          email_subscribe: 'opted_in',
          email_opted_in_at: time,
          custom_attributes: { tags: ['a'], at: '2024-01-01T00:00:00.000Z' },
          custom_events: [
            { name: 'new', first: '2024-01-02T00:00:00.000Z', last: '2024-01-02T00:00:00.000Z', count: 1 },
          ],
          purchases: [
            { name: 'p', first: '2024-01-01T00:00:00.000Z', last: '2024-01-01T00:00:00.000Z', count: 4 },
          ],
        },
      ],
    });
  });

  it('shows push tokens with the name and the platform of their app, as far as they are known', async () => {
    const service = await start();
    const tokens = ['shop', 'web', 'other'].map((app_id) => ({ app_id, token: 't', device_id: 'device-1' }));
    await write(service, alice, created(alice), attributesUpdated({ push_tokens: tokens }));
    const exported = async () =>
      (
        await service.post('/users/export/ids', {
          braze_id: alice,
          fields_to_export: ['push_tokens'],
          min_position: await service.store.head(),
        })
      ).body['users'];
    const shown = (...apps: readonly object[]) => [
      { push_tokens: apps.map((app) => ({ ...app, token: 't', device_id: 'device-1' })) },
    ];
    expect(await exported()).toEqual(shown({ app: 'shop' }, { app: 'web' }, { app: 'other' }));
    const registered = [
      { type: 'AppRegistered', data: { app_id: 'shop', name: 'Shop', platform: 'ios' } },
      { type: 'AppRegistered', data: { app_id: 'web', name: 'Site' } },
    ];
    await service.store.append(WORKSPACE_STREAM, asNewEvents(registered as unknown as readonly UserEvent[]), {
      expectedRevision: 'any',
    });
    await expect
      .poll(exported)
      .toEqual(shown({ app: 'Shop', platform: 'ios' }, { app: 'Site' }, { app: 'other' }));
  });

  it.each<[string, unknown, string]>([
    [
      '51 identifiers',
      {
        external_ids: Array.from({ length: 50 }, String),
        user_aliases: [{ alias_name: 'n', alias_label: 'l' }],
      },
      'The max number of external_ids and aliases per request was exceeded',
    ],
    [
      'nothing to look up',
      { external_ids: [null], braze_id: '' },
      "'external_ids', 'user_aliases', 'device_id', 'braze_id', 'email_address' or 'phone' is required",
    ],
    ['a list for a single value', { email_address: ['a@b.co'] }, "'email_address' is not valid"],
    ['an alias without a label', { user_aliases: [{ alias_name: 'n' }] }, "'user_aliases' is not valid"],
    [
      'fields that are no list',
      { braze_id: 'x', fields_to_export: 'email' },
      "'fields_to_export' is not valid",
    ],
    ['a moment that is none', { braze_id: 'x', as_of: 'yesterday' }, "'as_of' is not valid"],
    [
      'a moment of two users',
      { external_ids: ['a', 'b'], as_of: '2024-01-01' },
      "'as_of' is for one user: name no other beside it",
    ],
  ])('refuses %s', async (_, body, message) => {
    const service = await startReading({ partitions: ['00-ff'] });
    expect(await service.post('/users/export/ids', body)).toEqual({ status: 400, body: { message } });
  });

  it('waits for a moment that the log has not come to, as for any position', async () => {
    const service = await startReading({ partitions: ['00-ff'] });
    const { position } = await write(service, alice, created(alice));
    const next = positionAt(service.store.storeId, parsePosition(position).offset + 1n);
    const ask = (as_of: string) => service.post('/users/export/ids', { braze_id: alice, as_of });
    const asked = ask(next);
    await write(service, alice, attributesUpdated({ custom: { x: 1 } }));
    expect((await asked).body).toMatchObject({ users: [{ custom_attributes: { x: 1 } }] });
    expect((await ask(position)).body).not.toMatchObject({ users: [{ custom_attributes: { x: 1 } }] });
    expect((await ask(positionAt('00000000', 1))).status).toBe(400);
  });

  it('finds nobody who was deleted, or who was merged into another', async () => {
    const service = await start();
    await write(service, alice, created(alice), { type: 'MergedInto', data: { braze_id: bob } });
    const { position, revision } = await write(service, bob, created(bob), { type: 'UserDeleted', data: {} });
    await service.store.eraseBefore(userStream(bob), revision);
    const asked = { external_ids: [idOf(alice), idOf(bob)], min_position: position };
    const nobody = { message: 'success', users: [], invalid_user_ids: asked.external_ids };
    expect((await service.post('/users/export/ids', asked)).body).toEqual(nobody);
    const { body } = await service.post('/users/export/ids', { braze_id: bob, as_of: '2100-01-01' });
    expect(body).toEqual({ message: 'success', users: [], invalid_user_ids: [bob] });
  });
});

describe('a moment', () => {
  it('is shown by its time and by its position, with the window of events that ended then', async () => {
    const service = await start();
    const first = await write(
      service,
      alice,
      created(alice),
      customEventRecorded('old', '2023-11-01T00:00:00.000Z'),
      attributesUpdated({ custom: { n: { inc: 1 } } }),
    );
    const second = await write(service, alice, attributesUpdated({ custom: { n: { inc: 1 } } }));
    const shown = async (as_of?: string) => {
      const { body } = await service.post('/users/export/ids', {
        braze_id: alice,
        fields_to_export: ['custom_attributes', 'custom_events'],
        min_position: second.position,
        ...(as_of !== undefined && { as_of }),
      });
      return (body['users'] as { custom_attributes?: unknown; custom_events?: unknown }[])[0];
    };
    const [, , third] = first.appended.events;
    expect((await shown())?.custom_attributes).toEqual({ n: 2 });
    expect((await shown(first.position))?.custom_attributes).toEqual({ n: 1 });
    expect((await shown(third!.received_at))?.custom_attributes).toEqual({ n: 1 });
    expect(await shown('2023-12-31T23:59:59')).toBeUndefined();
    expect((await shown(first.position))?.custom_events).toHaveLength(1);
  });

  it('is refused where an email names several users', async () => {
    const service = await start();
    await write(service, alice, created(alice, 'a@b.co'));
    const { position } = await write(service, bob, created(bob, 'a@b.co'));
    expect(
      await service.post('/users/export/ids', {
        email_address: 'a@b.co',
        as_of: '2024-01-01',
        min_position: position,
      }),
    ).toMatchObject({ status: 400 });
  });
});

describe('min_position', () => {
  it('is waited for, wherever it is named', async () => {
    const service = await start();
    for (let n = 1; n < 10; n++) {
      const { position } = await write(
        service,
        alice,
        n === 1 ? created(alice) : customEventRecorded(`e${n}`),
      );
      const { body } = await service.get(`/events/list?min_position=${position}`);
      expect(body['events']).toHaveLength(n - 1);
    }
  });

  it.each<[string, (storeId: string) => string, number]>([
    ['garbage', () => 'yesterday', 400],
    ['a position of another log', () => positionAt('00000000', 1), 400],
    ['a position beyond the head', (storeId) => positionAt(storeId, 10n ** 15n), 503],
  ])('is refused where it is %s', async (_, token, status) => {
    const service = await start();
    await write(service, alice, created(alice));
    const answer = await service.post(
      '/users/export/ids',
      { braze_id: alice },
      { 'x-hearth-min-position': token(service.store.storeId) },
    );
    expect(answer).toEqual({ status, body: { message: expect.any(String) as unknown } });
  });
});

it('a read is not answered while a partition has no owner, rather than answered in part', async () => {
  const service = await startReading({ partitions: ['00-7f'] });
  expect(await service.post('/users/export/ids', { external_ids: ['x'] })).toEqual({
    status: 503,
    body: { message: 'Service Unavailable' },
  });
});
