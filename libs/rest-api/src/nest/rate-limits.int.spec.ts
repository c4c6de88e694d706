import { parseRateLimitOverrides } from '@hearth/contracts';
import { inProcessBus } from '@hearth/messaging';
import type { LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';

import { KEY, openLog, startInstance, type Instance } from '../testing/api.ts';
import { startCountingOwner } from '../testing/counting-owner.ts';

const start = Date.parse('2026-01-31T12:00:00Z');
const epoch = start / 1_000;
const overrides = (text: string) => ({ rateLimitOverrides: parseRateLimitOverrides(text)! });

const headersOf = ({ headers }: LightMyRequestResponse) => ({
  limit: Number(headers['x-ratelimit-limit']),
  remaining: Number(headers['x-ratelimit-remaining']),
  reset: Number(headers['x-ratelimit-reset']),
});
const track = (instance: Instance) => instance.post('/users/track', {});

/** Instances on one log and one bus, and a clock that the test sets. */
const open = async (settings: object = {}, { instances = 1, owner = true } = {}) => {
  const time = { now: start };
  const clock = { now: () => time.now };
  const bus = inProcessBus();
  const counting = owner ? await startCountingOwner(bus.connect(), clock) : undefined;
  const store = await openLog();
  const started = await Promise.all(
    Array.from({ length: instances }, () =>
      startInstance({ store, clock, messaging: bus.connect(), settings: { apiKey: KEY, ...settings } }),
    ),
  );
  return { time, counting, instance: started[0]!, started };
};

describe('a deployment that is open', () => {
  it('says on every answer how calls stand, and refuses none', async () => {
    const { instance, time } = await open({}, { owner: false });
    const [first, second] = [headersOf(await track(instance)), headersOf(await track(instance))];
    expect(first.remaining).toBe(first.limit - 1);
    expect(second).toEqual({ ...first, remaining: first.limit - 2, reset: epoch + 3_600 });
    time.now += 3_600_000;
    expect(headersOf(await track(instance))).toEqual({ ...first, reset: epoch + 7_200 });
  });

  it('says so on refusals as well', async () => {
    const { instance } = await open({}, { owner: false });
    const answers = [
      await instance.post('/users/track', {}, { key: 'wrong' }),
      await instance.post('/users/track', '{'),
      await instance.post('/users/track', '{}', { headers: { 'content-type': 'text/plain' } }),
      await instance.get('/events/list', { key: null }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 400, 415, 401]);
    for (const answer of answers) expect(headersOf(answer).reset).toBe(epoch + 3_600);
    // What was let in and then refused is counted, a wrong key is not.
    const { limit, remaining } = headersOf(await track(instance));
    expect(limit - remaining).toBe(3);
  });

  it('leaves what is no endpoint alone', async () => {
    const { instance } = await open({}, { owner: false });
    expect((await instance.get('/health/live')).headers).not.toHaveProperty('x-ratelimit-limit');
  });

  it('holds the single limits that it is set to', async () => {
    const { instance } = await open(overrides('users.track=1/1m'));
    expect((await track(instance)).statusCode).toBe(201);
    expect((await track(instance)).statusCode).toBe(429);
    expect((await instance.get('/events/list')).statusCode).toBe(200);
  });
});

describe('a call that is one too many', () => {
  it('is a 429 with everything that clients look for, until the window ends', async () => {
    const { instance, time } = await open(overrides('users.track=2/1m'));
    await track(instance);
    await track(instance);
    time.now += 15_400;
    const answer = await track(instance);
    expect([answer.statusCode, answer.json()]).toEqual([429, { message: 'Rate limited' }]);
    expect(headersOf(answer)).toEqual({ limit: 2, remaining: 0, reset: epoch + 60 });
    expect(answer.headers).toMatchObject({ 'retry-after': '45', 'x-ratelimit-retry-after': '45' });
    time.now = start + 60_000;
    expect((await track(instance)).statusCode).toBe(201);
  });

  it('is told the seconds that are left where the deployment says it so', async () => {
    const { instance, time } = await open({ ...overrides('users.track=1/1m'), rateLimitReset: 'seconds' });
    expect(headersOf(await track(instance)).reset).toBe(60);
    time.now += 15_400;
    expect(headersOf(await track(instance)).reset).toBe(45);
  });

  it('is refused after its key and before its body', async () => {
    const { instance } = await open(overrides('users.track=1/1m'));
    await track(instance);
    const plain = { 'content-type': 'text/plain' };
    expect((await instance.post('/users/track', '{', { headers: plain })).statusCode).toBe(429);
    expect((await instance.post('/users/track', '{', { key: 'wrong' })).statusCode).toBe(401);
  });

  it('is counted with the others of its bucket', async () => {
    const { instance } = await open(overrides('default=1/1m'));
    expect((await instance.get('/hearth/api_keys')).statusCode).toBe(200);
    expect((await instance.post('/hearth/api_keys', {})).statusCode).toBe(429);
  });

  it('is refused by its body where that says how it is counted', async () => {
    const { instance } = await open(overrides('users.export.ids=1/1m,users.export.ids.fields=2/1m'));
    const statusOf = async (body: object | string) =>
      (await instance.post('/users/export/ids', body)).statusCode;
    expect(await statusOf('{')).toBe(400); // never came to be counted
    expect(await statusOf({})).toBe(201);
    expect(await statusOf({})).toBe(429);
    for (const expected of [201, 201, 429])
      expect(await statusOf({ fields_to_export: ['email'] })).toBe(expected);
  });

  it('is refused where its key came in the way of old clients, too', async () => {
    const { instance } = await open({ ...overrides('users.track=1/1m'), allowLegacyApiKey: true });
    const call = () => instance.post('/users/track', { api_key: KEY }, { key: null });
    expect((await call()).statusCode).toBe(201);
    expect(headersOf(await call())).toEqual({ limit: 1, remaining: 0, reset: epoch + 60 });
    expect((await call()).statusCode).toBe(429);
    expect((await instance.post('/users/track', { api_key: 'wrong' }, { key: null })).statusCode).toBe(401);
  });
});

describe('several instances', () => {
  const statuses = async (calls: Promise<LightMyRequestResponse>[]) =>
    (await Promise.all(calls)).map(({ statusCode }) => statusCode).toSorted((a, b) => a - b);

  it('hold one limit together, to the call', async () => {
    const { started } = await open(
      { rateLimits: 'braze', ...overrides('users.track=30/1m') },
      { instances: 3 },
    );
    const calls = Array.from({ length: 33 }, (_, call) => track(started[call % 3]!));
    expect(await statuses(calls)).toEqual([...Array<number>(30).fill(201), 429, 429, 429]);
  });

  it('go on while the place where calls are counted is away, each from what it last heard', async () => {
    const { started, counting, time } = await open(overrides('users.track=10/1m'), { instances: 2 });
    const [one, other] = started as [Instance, Instance];
    for (let call = 0; call < 6; call++) await track(one);
    await counting!.stop();
    await expect.poll(async () => headersOf(await track(one)).remaining).toBe(0);
    expect((await track(one)).statusCode).toBe(429);
    expect(headersOf(await track(other))).toMatchObject({ limit: 10, remaining: 9 });
    time.now += 60_000;
    expect((await track(one)).statusCode).toBe(201);
  });
});
