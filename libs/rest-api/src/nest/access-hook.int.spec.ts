import { describe, expect, it } from 'vitest';

import { KEY, openLog, startInstance } from '../testing/api.ts';

describe('every call of an endpoint', () => {
  const broken = { 'content-type': 'application/json' };

  it('needs a key before anything else of it is looked at', async () => {
    const instance = await startInstance({ store: await openLog() });
    for (const key of [null, 'wrong', `"${KEY}"`])
      for (const headers of [broken, { 'content-type': 'text/plain' }]) {
        const answer = await instance.post('/users/track', '{', { key, headers });
        expect([answer.statusCode, answer.json()]).toEqual([401, { message: 'Invalid API Key' }]);
      }
    expect((await instance.get('/events/list', { key: null })).statusCode).toBe(401);
  });

  it('is then held to its content type, and only then to its body', async () => {
    const instance = await startInstance({ store: await openLog() });
    const statusOf = async (body: string, type: string) =>
      (await instance.post('/users/track', body, { headers: { 'content-type': type } })).statusCode;
    expect(await statusOf('{', 'text/plain')).toBe(415);
    expect(await statusOf('{', 'application/json')).toBe(400);
    expect(await statusOf('{}', 'application/json')).toBe(201);
    const bare = { authorization: `Bearer ${KEY}` };
    expect(
      (await instance.http.inject({ method: 'POST', url: '/users/track', headers: bare })).statusCode,
    ).toBe(415);
  });

  it('leaves open what is no endpoint: health and metrics, and the 404 of a path that nobody has', async () => {
    const instance = await startInstance({ store: await openLog() });
    instance.service.health.started();
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect((await instance.get(path, { key: null })).statusCode).toBe(200);
    for (const path of ['/users/track/', '/users/nothing'])
      expect((await instance.post(path, {}, { key: null })).statusCode).toBe(404);
  });
});

describe('a key in the way of old clients', () => {
  const legacy = { apiKey: KEY, allowLegacyApiKey: true };

  it('is no key unless it is allowed', async () => {
    const instance = await startInstance({ store: await openLog() });
    expect((await instance.post('/users/track', { api_key: KEY }, { key: null })).statusCode).toBe(401);
    expect((await instance.get(`/events/list?api_key=${KEY}`, { key: null })).statusCode).toBe(401);
  });

  it('is taken from the body or the query, and goes no further', async () => {
    const instance = await startInstance({ store: await openLog(), settings: legacy });
    const answer = await instance.post('/users/track', { api_key: KEY, events: [] }, { key: null });
    expect([answer.statusCode, answer.json()]).toEqual([201, { message: 'success', body: { events: [] } }]);
    expect((await instance.post(`/users/track?api_key=${KEY}`, {}, { key: null })).statusCode).toBe(201);
    expect((await instance.get(`/events/list?api_key=${KEY}`, { key: null })).statusCode).toBe(200);
  });

  it('gives way to the header, and is taken out all the same', async () => {
    const instance = await startInstance({ store: await openLog(), settings: legacy });
    expect((await instance.post('/users/track', { api_key: 'wrong' })).json()).toEqual({
      message: 'success',
      body: {},
    });
    expect((await instance.post('/users/track', { api_key: KEY }, { key: 'wrong' })).statusCode).toBe(401);
  });

  it('is a 401 where it is none', async () => {
    const instance = await startInstance({ store: await openLog(), settings: legacy });
    for (const body of [{}, { api_key: 'wrong' }, { api_key: { $ne: '' } }, [], null])
      expect((await instance.post('/users/track', body, { key: null })).statusCode).toBe(401);
  });

  it('is missing in a body that cannot be read: the answer is that of a call without a key', async () => {
    const instance = await startInstance({ store: await openLog(), settings: legacy });
    const text = { 'content-type': 'text/plain' };
    const tooLarge = `"${'x'.repeat(4 * 1024 * 1024)}"`;
    for (const [body, headers] of [['{'], [''], ['{}', text], [tooLarge]] as const) {
      const send = (path: string, key: string | null) =>
        instance.post(path, body, { key, ...(headers && { headers }) });
      const answer = await send('/users/track', null);
      expect([answer.statusCode, answer.json()]).toEqual([401, { message: 'Invalid API Key' }]);
      expect((await send('/users/track?api_key=wrong', null)).statusCode).toBe(401);
      expect((await send('/users/track', 'wrong')).statusCode).toBe(401);
      const status = headers ? 415 : body === tooLarge ? 413 : 400;
      expect((await send('/users/track', KEY)).statusCode).toBe(status);
      expect((await send(`/users/track?api_key=${KEY}`, null)).statusCode).toBe(status);
    }
  });

  it('is held to its permissions and addresses', async () => {
    const instance = await startInstance({ store: await openLog(), settings: legacy });
    const body = { name: 'x', permissions: ['users.track'], ip_allowlist: ['192.0.2.1'] };
    const { key } = (await instance.post('/hearth/api_keys', body)).json<{ key: string }>();
    const from = async (path: string, address: string) =>
      (await instance.post(path, { api_key: key }, { key: null, from: address })).statusCode;
    expect(await from('/users/track', '192.0.2.1')).toBe(201);
    expect(await from('/users/track', '192.0.2.2')).toBe(403);
    expect(await from('/hearth/api_keys', '192.0.2.1')).toBe(403);
  });
});
