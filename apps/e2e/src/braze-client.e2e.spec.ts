import { Braze } from 'braze-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { trackSync } from './testing/client.ts';
import { API_KEY, freePort, startHearth, type HearthProcess } from './testing/hearth-process.ts';

/** A public client of the API, as it comes from the registry: what it sends is taken, and it understands the answers. */

let hearth: HearthProcess;
let folder: string;
let braze: Braze;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-braze-client-'));
  hearth = await startHearth('embedded', { HEARTH_DATA_DIR: folder, HEARTH_PORT: String(await freePort()) });
  braze = new Braze(hearth.url, API_KEY);
});
afterAll(async () => {
  hearth.kill('SIGTERM');
  await hearth.exited;
  await rm(folder, { recursive: true });
});

const time = '2026-01-15T12:00:00.000Z';

describe('users.track', () => {
  it('takes attributes, events and purchases', async () => {
    expect(
      await braze.users.track({
        attributes: [{ external_id: 'track', first_name: 'Jo', visits: 1 }],
        events: [{ external_id: 'track', name: 'opened', time, properties: { door: 'front' } }],
        purchases: [
          { external_id: 'track', product_id: 'p', currency: 'USD', price: 2.5, quantity: 2, time },
        ],
      }),
    ).toEqual({
      message: 'success',
      attributes_processed: 1,
      events_processed: 1,
      purchases_processed: 1,
    });
    const { body } = await trackSync(hearth.url, {
      attributes: { external_id: 'track', visits: { inc: 1 } },
    });
    expect(body['users']).toEqual([{ external_id: 'track', custom_attributes: { visits: 2 } }]);
  });

  it('takes the same in bulk', async () => {
    expect(await braze.users.track({ attributes: [{ external_id: 'track', bulk: true }] }, true)).toEqual({
      message: 'success',
      attributes_processed: 1,
    });
  });

  it('hands on what was refused beside what was taken', async () => {
    const answer = await braze.users.track({
      attributes: [{ external_id: 'track', ok: 1 }, { ok: 1 }],
    });
    expect(answer).toMatchObject({
      message: 'success',
      attributes_processed: 1,
      errors: [{ input_array: 'attributes', index: 1 }],
    });
  });

  it('throws what was refused as a whole', async () => {
    await expect(braze.users.track({ attributes: [{ ok: 1 }] })).rejects.toMatchObject({
      status: 400,
      message: "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.",
      errors: [{ input_array: 'attributes', index: 0 }],
    });
    const stranger = new Braze(hearth.url, 'another-key');
    await expect(
      stranger.users.track({ attributes: [{ external_id: 'track', ok: 1 }] }),
    ).rejects.toMatchObject({ status: 401, message: 'Invalid API Key' });
  });
});
