import { describe, expect, it } from 'vitest';

import { post as postTo } from './testing/client.ts';
import { now, shareHearth, VALID_DATA } from './testing/shared-hearth.ts';

/** The traps of the user-data API (§18) about requests and answers, by their numbers. */

const { url, attributes, exportIds, get, post, sync, track, profile } = shareHearth();

const alias = (alias_name: string) => ({ alias_name, alias_label: 'trap' });

describe('an answer', () => {
  it('trap 2: leaves out the counters of arrays of which nothing was taken', async () => {
    const { status, body } = await track({
      attributes: [{ external_id: 't2', x: 1 }],
      events: [{ external_id: 't2' }],
      purchases: [],
    });
    expect(status).toBe(201);
    expect(Object.keys(body).toSorted()).toEqual(['attributes_processed', 'errors', 'message']);
  });

  it('trap 3, trap 4: names entries by their places as sent, and says why in words', async () => {
    const good = { external_id: 't3', name: 'e', time: now() };
    const { body } = await track({
      events: [{}, good, { ...good, time: 'soon' }, good, { ...good, name: '' }],
    });
    expect(body['errors']).toEqual([
      {
        type: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
        input_array: 'events',
        index: 0,
      },
      { type: "'time' is not valid", input_array: 'events', index: 2 },
      { type: "'name' is not valid", input_array: 'events', index: 4 },
    ]);
  });

  it('trap 24: of a sync call lists the custom attributes that it named, as stored, and nothing else', async () => {
    const external_id = 't24';
    await attributes({ external_id, a: 1, b: 2 });
    const { body } = await sync({ attributes: { external_id, a: { inc: 1 }, first_name: 'Jo' } });
    expect(body['users']).toEqual([{ external_id, custom_attributes: { a: 2 } }]);
    const standard = await sync({ attributes: { external_id, first_name: 'Jo' } });
    expect(standard.body['users']).toEqual([{ external_id }]);
  });
});

describe('a request', () => {
  it('trap 25: gives sync one object or an array of one, and track arrays alone', async () => {
    const object = { external_id: 't25', x: 1 };
    expect((await sync({ attributes: object })).status).toBe(201);
    expect((await sync({ attributes: [object] })).status).toBe(201);
    const { status, body } = await track({ attributes: object });
    expect([status, body]).toEqual([400, { message: VALID_DATA }]);
  });

  it('trap 32: may name a list in its query with brackets or without', async () => {
    const query = { subscription_group_id: '0f6c6e1a-0000-4000-8000-000000000032' };
    const statusOf = async (more: Readonly<Record<string, string | readonly string[]>>) => {
      const { status, body } = await get('/subscription/status/get', { ...query, ...more });
      expect(status).toBe(200);
      return Object.keys(body['status'] as object);
    };
    expect(await statusOf({ external_id: 't32' })).toEqual(['t32']);
    expect(await statusOf({ external_id: ['t32', 't32-other'] })).toEqual(['t32', 't32-other']);
  });

  it('trap 34: of 75 large objects is taken', async () => {
    const value = 'x'.repeat(200);
    const objects = Array.from({ length: 75 }, (_, index) =>
      Object.fromEntries([
        ['external_id', `t34-${index}`],
        ...Array.from({ length: 50 }, (__, at) => [`attribute_${at}`, value]),
      ]),
    );
    const { status, body } = await track({ attributes: objects });
    expect([status, body]).toEqual([201, { message: 'success', attributes_processed: 75 }]);
  });

  it('trap 40: with an unknown key is refused before its body is looked at', async () => {
    const { status } = await postTo(url(), '/users/track', '{"broken', { key: 'unknown' });
    expect(status).toBe(401);
  });
});

describe('a user', () => {
  it('trap 8: is named once in an object; a second primary identifier refuses that object alone', async () => {
    const { status, body } = await track({
      attributes: [
        { external_id: 't8', user_alias: alias('t8'), x: 1 },
        { external_id: 't8-good', x: 1 },
      ],
    });
    expect([status, body]).toEqual([
      201,
      {
        message: 'success',
        attributes_processed: 1,
        errors: [
          {
            type: "Only one of 'external_id', 'braze_id' or 'user_alias' is allowed",
            input_array: 'attributes',
            index: 0,
          },
        ],
      },
    ]);
  });

  it('trap 9: is looked up by email before phone, and by neither beside an external_id; then they are data', async () => {
    const [email, phone] = ['t9@example.com', '+14155552609'];
    await track({ attributes: [{ email, phone, x: 1 }] });
    expect(await profile({ email_address: email })).toMatchObject({ email, phone });
    await track({ attributes: [{ external_id: 't9', email, phone, x: 2 }] });
    expect(await profile({ external_ids: ['t9'] })).toMatchObject({
      email,
      phone,
      custom_attributes: { x: 2 },
    });
    expect((await exportIds({ email_address: email })).users).toHaveLength(2);
  });

  it('trap 10: is one of those with an email for a write, and one of all for a subscription state', async () => {
    const email = 't10@example.com';
    const states = async () =>
      (await exportIds({ external_ids: ['t10-a', 't10-b'] })).users
        .toSorted((one, other) => String(one['external_id']).localeCompare(String(other['external_id'])))
        .map((user) => [user['custom_attributes'], user['email_subscribe']]);
    await track({ attributes: [{ external_id: 't10-a', email }] });
    await track({ attributes: [{ external_id: 't10-b', email }] });
    await track({ attributes: [{ email, x: 1, email_subscribe: 'unsubscribed' }] });
    await expect.poll(states, { timeout: 10_000 }).toEqual([
      [undefined, 'unsubscribed'],
      [{ x: 1 }, 'unsubscribed'],
    ]);
  });

  it('trap 28: is deleted by an id that was renamed, and only loses that id when it is removed', async () => {
    await track({ attributes: [{ external_id: 't28', x: 1 }] });
    const rename = (current_external_id: string, new_external_id: string) =>
      post('/users/external_ids/rename', { external_id_renames: [{ current_external_id, new_external_id }] });
    await rename('t28', 't28-new');
    await post('/users/external_ids/remove', { external_ids: ['t28'] });
    expect(await profile({ external_ids: ['t28-new'] })).toMatchObject({ custom_attributes: { x: 1 } });
    await rename('t28-new', 't28-newest');
    await post('/users/delete', { external_ids: ['t28-new'] });
    expect(await exportIds({ external_ids: ['t28-new', 't28-newest'] })).toMatchObject({ users: [] });
  });

  it('trap 29: is not picked where a prioritization leaves two', async () => {
    const email = 't29@example.com';
    for (const name of ['t29-a', 't29-b'])
      await track({
        attributes: [{ user_alias: alias(name), _update_existing_only: false, email, x: 1 }],
      });
    const identify = (prioritization: readonly string[]) =>
      post('/users/identify', { emails_to_identify: [{ external_id: 't29', email, prioritization }] });
    expect((await identify(['unidentified'])).status).toBe(201);
    expect((await exportIds({ external_ids: ['t29'] })).users).toEqual([]);
    await identify(['unidentified', 'most_recently_updated']);
    expect(await profile({ external_ids: ['t29'] })).toMatchObject({ user_aliases: [alias('t29-b')] });
  });

  it('trap 38: of whom blocked names are sent gets none of them, without a word', async () => {
    const block = (list: string, name: string) =>
      post('/hearth/workspace/blocklists', { list, add: [name], remove: [] });
    await block('attributes', 'blocked');
    await block('events', 'blocked');
    const { status, body } = await track({
      attributes: [{ external_id: 't38', blocked: 1, x: 1 }],
      events: [{ external_id: 't38', name: 'blocked', time: now() }],
    });
    expect([status, body]).toEqual([
      201,
      { message: 'success', attributes_processed: 1, events_processed: 1 },
    ]);
    const exported = await profile({ external_ids: ['t38'] });
    expect(exported).toMatchObject({ custom_attributes: { x: 1 } });
    expect(exported).not.toHaveProperty('custom_events');
  });
});
