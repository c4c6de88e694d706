import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { post, track, trackSync } from './testing/client.ts';
import { API_KEY, freePort, startHearth, type HearthProcess } from './testing/hearth-process.ts';

/** What a workspace is set to, and what that does to the bodies that are sent next. */

let hearth: HearthProcess;
let folder: string;
const start = async (): Promise<void> => {
  hearth = await startHearth('embedded', { HEARTH_DATA_DIR: folder, HEARTH_PORT: String(await freePort()) });
};
const stop = async (): Promise<void> => {
  hearth.kill('SIGTERM');
  await hearth.exited;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-workspace-'));
  await start();
});
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

const set = (topic: string, body: object) => post(hearth.url, `/hearth/workspace/${topic}`, body);
const read = async () => {
  const response = await fetch(`${hearth.url}/hearth/workspace`, {
    headers: { authorization: `Bearer ${API_KEY}` },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const attributes = async (sent: object): Promise<unknown> => {
  const { status, body } = await trackSync(hearth.url, { attributes: { external_id: 'u', ...sent } });
  expect(status).toBe(201);
  return (body['users'] as { custom_attributes?: object }[])[0]?.custom_attributes;
};

describe('the settings of a workspace', () => {
  it('are empty at first', async () => {
    expect(await read()).toEqual({
      status: 200,
      body: {
        message: 'success',
        apps: [],
        subscription_groups: [],
        blocklists: { attributes: [], events: [], external_ids: [] },
        attribute_types: {},
        list_limits: {},
      },
    });
  });

  it('drop blocklisted attributes and events in silence', async () => {
    await attributes({ hidden: 1 });
    const change = { list: 'attributes', add: ['hidden'] };
    expect(await set('blocklists', change)).toMatchObject({ status: 201, body: { names: ['hidden'] } });
    await set('blocklists', { list: 'events', add: ['noise'] });
    expect(await attributes({ hidden: 2, shown: 1 })).toEqual({ shown: 1 });
    const events = [{ external_id: 'nobody', name: 'noise', time: '2026-01-01' }];
    expect(await track(hearth.url, { events })).toMatchObject({ status: 201, body: { events_processed: 1 } });
  });

  it('refuse objects of blocked external_ids', async () => {
    await set('blocklists', { list: 'external_ids', add: ['dummy'] });
    const { body } = await track(hearth.url, {
      attributes: [{ external_id: 'dummy' }, { external_id: 'u' }],
    });
    expect(body).toMatchObject({
      attributes_processed: 1,
      errors: [
        {
          type: 'provided external_id is blacklisted and disallowed',
          input_array: 'attributes',
          index: 0,
        },
      ],
    });
  });

  it('hold attributes to types and lists to limits', async () => {
    await set('attribute_types', { name: 'flag', data_type: 'boolean' });
    await set('list_limits', { name: 'wide', limit: 40 });
    const items = Array.from({ length: 60 }, (_, index) => index);
    expect(await attributes({ flag: 'T', wide: items, narrow: items })).toEqual({
      flag: true,
      wide: items.slice(20),
      narrow: items.slice(35),
    });
    expect(await attributes({ flag: 'maybe', wide: { add: ['x'] } })).toEqual({
      flag: true,
      wide: [...items.slice(21), 'x'],
    });
  });

  it('know the apps and groups that were registered, and no others from then on', async () => {
    const app = await set('apps', { name: 'Shop', platform: 'ios' });
    const group = await set('subscription_groups', { name: 'News', channel: 'email' });
    expect([app.status, group.status]).toEqual([201, 201]);
    const errorOf = async (sent: object) =>
      (await track(hearth.url, { attributes: [{ external_id: 'u', ...sent }] })).body['errors'];
    const state = { subscription_state: 'subscribed' };
    const id = group.body['id'];
    const unknown = '2f1b5e36-5f2a-4d1c-9d9c-8b8e2a6ecb6f';
    expect(await errorOf({ subscription_groups: [{ subscription_group_id: id, ...state }] })).toBeUndefined();
    expect(await errorOf({ subscription_groups: [{ subscription_group_id: unknown, ...state }] })).toEqual([
      {
        type: "'subscription_group_id' is not a known subscription group",
        input_array: 'attributes',
        index: 0,
      },
    ]);
    const app_id = app.body['app_id'];
    expect(await errorOf({ push_tokens: [{ app_id, token: 't' }] })).toBeUndefined();
    expect(await errorOf({ push_tokens: [{ app_id: 'other', token: 't' }] })).toHaveLength(1);
  });

  it.each<[string, object, RegExp]>([
    ['blocklists', { list: 'attributes', add: ['$x'] }, /"\$x" is not a custom attribute's name/],
    ['blocklists', { list: 'profiles', add: ['x'] }, /^'list' is not valid$/],
    ['attribute_types', { name: 'x', data_type: 'date' }, /^'data_type' is not valid$/],
    ['list_limits', { name: 'x', limit: 0 }, /^'limit' is not valid$/],
    ['subscription_groups', { id: 'x', name: 'x', channel: 'email' }, /'id' must be a UUID/],
    ['apps', {}, /^'name' is required$/],
  ])('%s refuses %j and says why', async (topic, body, message) => {
    const answer = await set(topic, body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(message);
  });

  it('are the same after a restart', async () => {
    const before = (await read()).body;
    await stop();
    await start();
    expect((await read()).body).toEqual(before);
    expect(await attributes({ hidden: 3, shown: 2 })).toEqual({ shown: 2 });
  });
});
