import { describe, expect, it } from 'vitest';

import { startDeployment } from '../testing/deployment.ts';

const time = '2026-01-01T00:00:00Z';

describe('/users/track/bulk', () => {
  it('stores up to 1,000 objects and answers with the position', async () => {
    const { instance, log } = await startDeployment();
    const { post } = await instance();
    const events = Array.from({ length: 1_000 }, (_, at) => ({
      external_id: `u${at % 20}`,
      name: `e${at}`,
      time,
    }));
    const answer = await post('/users/track/bulk', { events });
    expect(answer).toMatchObject({
      status: 201,
      headers: { 'x-hearth-position': expect.any(String) },
      body: { message: 'success', events_processed: 1_000 },
    });
    expect((await log()).filter(({ type }) => type === 'CustomEventRecorded')).toHaveLength(1_000);
    expect(await post('/users/track/bulk', { events: [...events, events[0]] })).toMatchObject({
      status: 400,
      body: { message: 'Max Input Length Exceeded' },
    });
  });

  it('takes 2 MB, where the others take 4', async () => {
    const { instance } = await startDeployment();
    const { post } = await instance();
    const body = JSON.stringify({ attributes: [{ external_id: 'u', x: 1 }] }).padEnd(2 * 1024 * 1024 + 1);
    expect(await post('/users/track/bulk', body)).toMatchObject({
      status: 413,
      body: { message: 'Request Entity Too Large' },
    });
    expect((await post('/users/track', body)).status).toBe(201);
  });

  it('counts once with an Idempotency-Key', async () => {
    const { instance, log } = await startDeployment();
    const { post } = await instance();
    const body = { events: [{ external_id: 'u', name: 'e', time }] };
    const headers = { 'idempotency-key': 'k' };
    const first = await post('/users/track/bulk', body, headers);
    expect((await post('/users/track/bulk', body, headers)).body).toEqual(first.body);
    expect((await log()).filter(({ type }) => type === 'CustomEventRecorded')).toHaveLength(1);
  });
});
