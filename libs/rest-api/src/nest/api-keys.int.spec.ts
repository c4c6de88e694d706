import { apiKeyStream } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { KEY, openLog, startInstance, type Instance } from '../testing/api.ts';

interface Created {
  readonly id: string;
  readonly key: string;
}

const shop = { name: 'Shop', permissions: ['users.track'] };
const create = async (instance: Instance, body: object = shop): Promise<Created> => {
  const answer = await instance.post('/hearth/api_keys', body);
  expect(answer.statusCode).toBe(201);
  return answer.json<Created>();
};
const listed = async (instance: Instance): Promise<Record<string, unknown>[]> =>
  (await instance.get('/hearth/api_keys')).json<{ api_keys: Record<string, unknown>[] }>().api_keys;

describe('administering API keys', () => {
  it('makes a key that may do what it was made for, and no more', async () => {
    const instance = await startInstance({ store: await openLog() });
    const { key } = await create(instance);
    expect((await instance.post('/users/track', {}, { key })).statusCode).toBe(201);
    expect((await instance.get('/events/list', { key })).statusCode).toBe(403);
    expect((await instance.get('/hearth/api_keys', { key })).statusCode).toBe(403);
  });

  it('makes no key that may do more than the one it is made with', async () => {
    const instance = await startInstance({ store: await openLog() });
    const { key } = await create(instance, { name: 'Keys', permissions: ['hearth.api_keys', 'users.track'] });
    const made = await instance.post('/hearth/api_keys', { name: 'All', permissions: ['*'] }, { key });
    expect([made.statusCode, made.json()]).toEqual([
      403,
      { message: "This key does not have '*' itself, and cannot pass it on" },
    ]);
    expect((await instance.post('/hearth/api_keys', shop, { key })).statusCode).toBe(201);
    expect(await listed(instance)).toHaveLength(3);
  });

  it('shows a key once, and keeps neither it nor shows its hash', async () => {
    const store = await openLog();
    const instance = await startInstance({ store });
    const { id, key } = await create(instance, { ...shop, ip_allowlist: ['127.0.0.0/8'] });
    const text = (await instance.get('/hearth/api_keys')).body;
    const { events } = await store.readStream(apiKeyStream(id));
    const { key_hash } = events[0]!.data as { key_hash: string };
    for (const secret of [key, key_hash]) expect(text).not.toContain(secret);
    expect(JSON.stringify(events)).not.toContain(key);
    expect(await listed(instance)).toMatchObject([
      { id: 'configured', name: 'HEARTH_API_KEY', permissions: ['*'], created_at: null },
      { id, ...shop, ip_allowlist: ['127.0.0.0/8'], created_by: 'configured', last_seen: null },
    ]);
  });

  it('knows keys after a restart, and at every other instance', async () => {
    const store = await openLog();
    const [one, other] = [await startInstance({ store }), await startInstance({ store })];
    const { id, key } = await create(one);
    const may = async (instance: Instance) => (await instance.post('/users/track', {}, { key })).statusCode;
    await expect.poll(() => may(other)).toBe(201);
    expect(await may(await startInstance({ store }))).toBe(201);
    expect((await other.post('/hearth/api_keys/revoke', { id })).json()).toEqual({ message: 'success' });
    expect(await may(other)).toBe(401);
    await expect.poll(() => may(one)).toBe(401);
    expect(await listed(other)).toHaveLength(1);
  });

  it('ends a key though another instance has just written to its stream', async () => {
    const store = await openLog();
    const clock = { now: () => Date.parse('2026-01-31T12:00:00Z') };
    const [one, other] = [await startInstance({ store, clock }), await startInstance({ store, clock })];
    const { id, key } = await create(one);
    await expect.poll(async () => (await other.post('/users/track', {}, { key })).statusCode).toBe(201);
    const [, answer] = await Promise.all([
      other.stop(), // writes down that it saw the key
      one.post('/hearth/api_keys/revoke', { id }),
    ]);
    expect(answer.statusCode).toBe(200);
    expect((await one.post('/users/track', {}, { key })).statusCode).toBe(401);
  });

  it('refuses what is no key, and keeps nothing of it', async () => {
    const store = await openLog();
    const instance = await startInstance({ store });
    const refused: [unknown, string][] = [
      [{ permissions: ['*'] }, "'name' is required"],
      [{ ...shop, name: ' ' }, "'name' is required"],
      [{ ...shop, name: 5 }, "'name' is not valid"],
      [{ name: 'x' }, "'permissions' is required"],
      [{ name: 'x', permissions: [] }, "'permissions' must name at least one"],
      [
        { name: 'x', permissions: ['users.trak'] },
        '"users.trak" is no permission; "*" stands for all of them',
      ],
      [{ ...shop, ip_allowlist: ['10.0.0.0/33'] }, '"10.0.0.0/33" is neither an address nor a subnet'],
      [{ ...shop, ip_allowlist: 'any' }, "'ip_allowlist' is not valid"],
      [[], 'The body must be an object'],
    ];
    for (const [body, text] of refused) {
      const answer = await instance.post('/hearth/api_keys', body);
      expect([body, answer.statusCode]).toEqual([body, 400]);
      expect(answer.json()).toEqual({ message: text });
    }
    expect((await store.readAll()).events).toEqual([]);
  });

  it('says that a key is unknown, or is one of the settings', async () => {
    const instance = await startInstance({ store: await openLog() });
    expect((await instance.post('/hearth/api_keys/revoke', { id: 'nobody' })).statusCode).toBe(404);
    expect((await instance.post('/hearth/api_keys/revoke', {})).statusCode).toBe(400);
    const answer = await instance.post('/hearth/api_keys/revoke', { id: 'configured' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ message: string }>().message).toContain('HEARTH_API_KEY');
  });

  it('makes one first key, however many instances start at once, and none where one is configured', async () => {
    const store = await openLog();
    expect((await startInstance({ store })).firstKey).toBeUndefined();
    const started = await Promise.all([1, 2, 3].map(() => startInstance({ store, settings: {} })));
    const [key, ...others] = started.map(({ firstKey }) => firstKey).filter((made) => made !== undefined);
    expect(others).toEqual([]);
    for (const instance of started)
      await expect.poll(async () => (await instance.get('/events/list', { key: key! })).statusCode).toBe(200);
    expect((await startInstance({ store, settings: {} })).firstKey).toBeUndefined();
  });
});

describe('when a key was last seen', () => {
  const start = Date.parse('2026-01-31T12:00:00Z');
  const minute = 60_000;

  it('is known at once where it was, and written down when the instance stops', async () => {
    const store = await openLog();
    const clock = { now: () => start };
    const instance = await startInstance({ store, clock });
    const { id, key } = await create(instance);
    await instance.post('/users/track', {}, { key });
    const seen = { id, last_seen: '2026-01-31T12:00:00.000Z' };
    expect((await listed(instance))[1]).toMatchObject(seen);
    await instance.stop();
    expect((await listed(await startInstance({ store, clock })))[1]).toMatchObject(seen);
  });

  it('is not written again within a quarter of an hour, and by one instance alone', async () => {
    const store = await openLog();
    let now = start;
    const clock = { now: () => now };
    const { id, key } = await create(await startInstance({ store, clock }));
    const use = async (): Promise<void> => {
      const instances = await Promise.all([1, 2, 3].map(() => startInstance({ store, clock })));
      for (const instance of instances) await instance.post('/users/track', {}, { key });
      await Promise.all(instances.map((instance) => instance.stop()));
    };
    for (now of [start, start + 14 * minute, start + 15 * minute]) await use();
    const { events } = await store.readStream(apiKeyStream(id));
    expect(events.map(({ type, data }) => [type, (data as { at?: string }).at])).toEqual([
      ['ApiKeyCreated', undefined],
      ['ApiKeySeen', '2026-01-31T12:00:00.000Z'],
      ['ApiKeySeen', '2026-01-31T12:15:00.000Z'],
    ]);
  });

  it('is never written for the key of the settings, nor for a call that was refused', async () => {
    const store = await openLog();
    const instance = await startInstance({ store });
    const { id, key } = await create(instance, { ...shop, ip_allowlist: ['192.0.2.1'] });
    expect((await instance.post('/users/track', {}, { key })).statusCode).toBe(403);
    expect((await instance.post('/users/track', {}, { key: KEY })).statusCode).toBe(201);
    await instance.stop();
    expect((await store.readAll()).events.map(({ stream }) => stream)).toEqual([apiKeyStream(id)]);
  });
});

describe('keys that are bound to addresses', () => {
  const bound = {
    name: 'Office',
    permissions: ['users.track'],
    ip_allowlist: ['192.0.2.0/24', '2001:db8::1'],
  };

  it('work from there alone, whatever a caller says of itself', async () => {
    const instance = await startInstance({ store: await openLog() });
    const { key } = await create(instance, bound);
    const from = async (address: string, headers = {}) =>
      (await instance.post('/users/track', {}, { key, from: address, headers })).statusCode;
    expect(await from('192.0.2.9')).toBe(201);
    expect(await from('::ffff:192.0.2.9')).toBe(201);
    expect(await from('2001:db8::1')).toBe(201);
    expect(await from('198.51.100.1')).toBe(403);
    expect(await from('198.51.100.1', { 'x-forwarded-for': '192.0.2.9' })).toBe(403);
  });

  it('are looked up behind proxies that are trusted, from the nearest one on', async () => {
    const instance = await startInstance({ store: await openLog(), trustProxy: ['127.0.0.1', '10.0.0.0/8'] });
    const { key } = await create(instance, bound);
    const through = async (forwarded: string | undefined, from = '127.0.0.1') => {
      const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
      return (await instance.post('/users/track', {}, { key, from, headers })).statusCode;
    };
    expect(await through('192.0.2.9')).toBe(201);
    expect(await through('192.0.2.9, 10.1.1.1')).toBe(201);
    expect(await through('192.0.2.9, 198.51.100.1')).toBe(403);
    expect(await through('garbage')).toBe(403);
    expect(await through(undefined)).toBe(403);
    expect(await through('192.0.2.9', '198.51.100.1')).toBe(403);
  });

  it('say nothing of a permission to a caller from elsewhere', async () => {
    const instance = await startInstance({ store: await openLog() });
    const { key } = await create(instance, bound);
    expect((await instance.get('/events/list', { key, from: '198.51.100.1' })).json()).toEqual({
      message: 'Access Denied',
    });
  });
});
