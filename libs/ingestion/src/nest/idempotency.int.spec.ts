import type { RecordedEvent } from '@hearth/eventing';
import { describe, expect, it } from 'vitest';

import { forgetRequest, sweepRequests } from '../application/idempotency/forget-requests.ts';
import { startDeployment, type Answer } from '../testing/deployment.ts';

const event = (name: string, user = 'u1') => ({
  events: [{ external_id: user, name, time: '2026-01-01T00:00:00Z' }],
});
const key = (text: string) => ({ 'idempotency-key': text });
const namesOf = (log: readonly RecordedEvent[]): string[] =>
  log.flatMap(({ type, data }) => (type === 'CustomEventRecorded' ? [(data as { name: string }).name] : []));
const requestEvents = (log: readonly RecordedEvent[]): RecordedEvent[] =>
  log.filter(({ stream }) => stream.startsWith('request_'));
/** What a repeat must have in common with the first answer. */
const told = ({ status, body, headers }: Answer) => ({
  status,
  body,
  position: headers['x-hearth-position'],
});

describe('a request that is sent again with its Idempotency-Key', () => {
  it.each(['/users/track', '/users/track/sync'])(
    'to %s gets the first answer and counts once',
    async (path) => {
      const { instance, log } = await startDeployment();
      const [one, other] = [await instance(), await instance()];
      const first = await one.post(path, event('e'), key('"k-1"'));
      expect(first.status).toBe(201);
      expect(first.headers['idempotent-replayed']).toBeUndefined();
      for (const { post } of [one, other]) {
        const again = await post(path, event('e'), key('k-1')); // quotes or not, it is the same key
        expect(told(again)).toEqual(told(first));
        expect(again.headers['idempotent-replayed']).toBe('true');
      }
      expect(namesOf(await log())).toEqual(['e']);
    },
  );

  it('with another body is refused and not stored', async () => {
    const { instance, log } = await startDeployment();
    const { post } = await instance();
    await post('/users/track', event('e'), key('k'));
    const refused = await post('/users/track', event('another'), key('k'));
    expect(refused).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('another body') },
    });
    expect(namesOf(await log())).toEqual(['e']);
  });

  it('to another endpoint is another request', async () => {
    const { instance, log } = await startDeployment();
    const { post } = await instance();
    await post('/users/track', event('e'), key('k'));
    expect(await post('/users/track/sync', event('e'), key('k'))).toMatchObject({
      status: 201,
      body: { users: [{ custom_events: [{ count: 2 }] }] },
    });
    expect(namesOf(await log())).toEqual(['e', 'e']);
  });

  it('gets the refusal again where the first was one', async () => {
    const { instance, log } = await startDeployment();
    const { post } = await instance();
    const bad = { events: [{ external_id: 'u1', name: 'e' }] };
    const first = await post('/users/track', bad, key('k'));
    expect(first.status).toBe(400);
    const again = await post('/users/track', bad, key('k'));
    expect(told(again)).toEqual(told(first));
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(requestEvents(await log())).toHaveLength(2);
  });

  it('at the same moment, to two instances, is carried out by one; both get its answer', async () => {
    const { instance, log } = await startDeployment();
    const instances = [await instance(), await instance()];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        instances[at % 2]!.post('/users/track/sync', event('e'), key('k')),
      ),
    );
    for (const answer of answers) expect(told(answer)).toEqual(told(answers[0]!));
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    expect(namesOf(await log())).toEqual(['e']);
  });

  it('leaves its name in what it led to, and nothing where no key was sent', async () => {
    const { instance, log } = await startDeployment();
    const { post } = await instance();
    await post('/users/track', event('keyed'), key('k'));
    await post('/users/track', event('plain'));
    const events = await log();
    const stream = requestEvents(events)[0]!.stream;
    expect(stream).toMatch(/^request_([0-9a-f]{2})-\1[0-9a-f]{30}$/);
    const led = events.filter(({ metadata }) => metadata.request === stream);
    expect(led.map(({ type }) => type)).toEqual(['IdentifierClaimed', 'UserCreated', 'CustomEventRecorded']);
    expect(JSON.stringify(requestEvents(events))).not.toContain('"k"');
  });
});

it('a header that is broken is refused with its reason, and nothing is stored', async () => {
  const { instance, log } = await startDeployment();
  const { post } = await instance();
  const answer = await post('/users/track', event('e'), key('one, two'));
  expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining('not one key') } });
  expect(namesOf(await log())).toEqual([]);
});

describe('what is kept', () => {
  const week = 7 * 24 * 3_600_000;
  const text = (value: unknown): string => JSON.stringify(value);

  it('is erased once it is older than the retention, and the key is new again', async () => {
    const { instance, store, log } = await startDeployment();
    const { post } = await instance();
    const sync = { attributes: { external_id: 'u1', word: 'secret of u1' } };
    await post('/users/track/sync', sync, key('k'));
    const later = { now: () => Date.now() + week + 1_000 };
    const sweep = sweepRequests({ store, clock: later, newId: () => crypto.randomUUID() }, week);
    await sweep(new AbortController().signal);
    expect(requestEvents(await log()).map(({ type }) => type)).toEqual(['RequestForgotten']);
    const again = await post(
      '/users/track/sync',
      { attributes: { external_id: 'u1', word: 'other' } },
      key('k'),
    );
    expect(again).toMatchObject({ status: 201, body: { users: [{ custom_attributes: { word: 'other' } }] } });
    await sweep(new AbortController().signal); // what is young stays
    expect(text(requestEvents(await log()))).toContain('RequestAnswered');
  });

  it('counts no more once it is older than the retention, also before it is erased', async () => {
    const { instance, log } = await startDeployment();
    const { post } = await instance();
    await post('/users/track', event('e'), key('k'));
    const later = await instance({ clockAhead: week + 1_000 });
    const again = await later.post('/users/track', event('e'), key('k'));
    expect(again.headers['idempotent-replayed']).toBeUndefined();
    const log2 = await log();
    expect(namesOf(log2)).toEqual(['e', 'e']);
    expect(new Set(log2.map(({ id }) => id)).size).toBe(log2.length);
  });

  it('of a person is erased on demand; a repeat is told that it was done, and does nothing', async () => {
    const { instance, store, log } = await startDeployment();
    const { post } = await instance();
    const sync = { attributes: { external_id: 'u1', word: 'secret of u1' } };
    const first = await post('/users/track/sync', sync, key('k'));
    const { stream } = requestEvents(await log())[0]!;
    const forget = forgetRequest({ store, clock: Date, newId: () => crypto.randomUUID() });
    for (let time = 0; time < 2; time++) await forget(stream);
    expect(text((await store.readStream(stream)).events)).not.toContain('secret of u1');
    const again = await post('/users/track/sync', sync, key('k'));
    expect(told(again)).toEqual({ ...told(first), body: { message: 'success' } });
  });
});
