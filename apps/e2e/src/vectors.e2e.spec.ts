import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { post, track, trackSync, type Answer } from './testing/client.ts';
import { API_KEY, freePort, startHearth, type HearthProcess } from './testing/hearth-process.ts';

/** The acceptance vectors of the user-data API (§20) that `/users/track` and `/users/track/sync` can show, by their numbers. */

let hearth: HearthProcess;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-vectors-'));
  hearth = await startHearth('embedded', { HEARTH_DATA_DIR: folder, HEARTH_PORT: String(await freePort()) });
});
afterAll(async () => {
  hearth.kill('SIGTERM');
  await hearth.exited;
  await rm(folder, { recursive: true });
});

const VALID_DATA = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";
const now = (): string => new Date().toISOString();
const sync = (body: unknown): Promise<Answer> => trackSync(hearth.url, body);
const attributes = async (attributesObject: object): Promise<unknown> => {
  const { status, body } = await sync({ attributes: attributesObject });
  expect(status).toBe(201);
  return (body['users'] as { custom_attributes?: object }[])[0]?.custom_attributes;
};
const totals = async (
  kind: 'events' | 'purchases',
  object: object,
): Promise<{ first: string; last: string; count: number }> => {
  const { status, body } = await sync({ [kind]: object });
  expect(status).toBe(201);
  const user = (body['users'] as Record<string, { first: string; last: string; count: number }[]>[])[0]!;
  return user[kind === 'events' ? 'custom_events' : 'purchase_events']![0]!;
};
/** Whether anybody is there under this identifier. */
const exists = async (identifier: object): Promise<boolean> => {
  const { body } = await sync({ attributes: { ...identifier, probe: 1, _update_existing_only: true } });
  return (body['users'] as unknown[]).length > 0;
};

/** Announces a body and sends only its beginning: the server answers by its size, without waiting for the rest. */
const statusOfLargeBody = (url: string, body: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
    const sending = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    sending.on('response', ({ statusCode }) => {
      resolve(statusCode);
      sending.destroy();
    });
    sending.on('error', reject);
    sending.write(body.slice(0, 1_000));
  });

describe('track', () => {
  it('1: takes an attributes object', async () => {
    const { status, body, headers } = await track(hearth.url, { attributes: [{ external_id: 'v1', x: 1 }] });
    expect([status, body]).toEqual([201, { message: 'success', attributes_processed: 1 }]);
    expect(headers.get('x-hearth-position')).toMatch(/^[0-9a-f]{8}:\d{19}$/);
  });
  it('2: takes the good events and names the bad one', async () => {
    const { status, body } = await track(hearth.url, {
      events: [
        { external_id: 'v2', name: 'e', time: now() },
        { name: 'e', time: now() },
      ],
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      message: 'success',
      events_processed: 1,
      errors: [
        {
          type: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
          input_array: 'events',
          index: 1,
        },
      ],
    });
  });
  it('3, 4: refuses a body without any valid object', async () => {
    const bad = await track(hearth.url, { attributes: [{ x: 1 }] });
    expect([bad.status, bad.body.message, bad.body['errors']]).toEqual([
      400,
      VALID_DATA,
      [expect.objectContaining({ index: 0 })],
    ]);
    expect(await track(hearth.url, {})).toMatchObject({ status: 400, body: { message: VALID_DATA } });
  });
  it('5: refuses 76 objects of a kind, and stores none', async () => {
    const many = Array.from({ length: 76 }, (_, index) => ({ external_id: `v5-${index}`, x: 1 }));
    expect(await track(hearth.url, { attributes: many })).toMatchObject({
      status: 400,
      body: { message: 'Max Input Length Exceeded' },
    });
    expect(await exists({ external_id: 'v5-0' })).toBe(false);
  });
  it('6: lets in only keys it knows', async () => {
    const body = { attributes: [{ external_id: 'v6', x: 1 }] };
    expect(await post(hearth.url, '/users/track', body, { key: null })).toMatchObject({
      status: 401,
      body: { message: 'Invalid API Key' },
    });
    expect((await post(hearth.url, '/users/track', body, { key: 'wrong' })).status).toBe(401);
    expect(await exists({ external_id: 'v6' })).toBe(false);
  });
  it('7, 8: makes nobody by an alias unless told to', async () => {
    const alias = { user_alias: { alias_label: 'l', alias_name: 'v7' } };
    expect((await track(hearth.url, { attributes: [{ ...alias, x: 1 }] })).body).toEqual({
      message: 'success',
      attributes_processed: 1,
    });
    expect(await exists(alias)).toBe(false);
    await track(hearth.url, { attributes: [{ ...alias, x: 1, _update_existing_only: false }] });
    expect(await exists(alias)).toBe(true);
  });
  it('9, 10, 11: one profile by email whatever its case; an external_id makes another, which then comes first', async () => {
    await track(hearth.url, { attributes: [{ email: 'Vector@Example.com', n: { inc: 1 } }] });
    expect(await attributes({ email: 'vector@example.COM', n: { inc: 1 } })).toEqual({ n: 2 });
    expect(await attributes({ external_id: 'v10', email: 'vector@example.com', n: { inc: 10 } })).toEqual({
      n: 10,
    });
    expect(await attributes({ email: 'vector@example.com', n: { inc: 1 } })).toEqual({ n: 11 });
    expect(await attributes({ external_id: 'v10', n: { inc: 1 } })).toEqual({ n: 12 });
  });
  it('36: answers 413, 400 and 415 to bodies it cannot take', async () => {
    const huge = JSON.stringify({ attributes: [{ external_id: 'v36', x: 'x'.repeat(5 * 1024 * 1024) }] });
    expect(await statusOfLargeBody(`${hearth.url}/users/track`, huge)).toBe(413);
    expect(await post(hearth.url, '/users/track', '{"attributes": [')).toMatchObject({
      status: 400,
      body: { message: 'Error while parsing request body. Please check your syntax.' },
    });
    expect((await post(hearth.url, '/users/track', '{}', { contentType: 'text/plain' })).status).toBe(415);
  });
  it('40: passes over keys and headers it does not know', async () => {
    const { body } = await track(hearth.url, {
      partner: 'RudderStack',
      attributes: [{ external_id: 'v40', x: 1 }],
    });
    expect(body).toEqual({ message: 'success', attributes_processed: 1 });
  });
});

describe('track/sync', () => {
  it('12: counts up', async () => {
    const object = { external_id: 'v12', n: { inc: 2 } };
    expect(await attributes(object)).toEqual({ n: 2 });
    expect(await attributes(object)).toEqual({ n: 4 });
  });
  it('13: keeps arrays as sets whose newest comes last', async () => {
    expect(await attributes({ external_id: 'v13', a: ['hotdog', 'hotdog', 'pizza'] })).toEqual({
      a: ['hotdog', 'pizza'],
    });
    expect(await attributes({ external_id: 'v13', a: { add: ['hotdog'] } })).toEqual({
      a: ['pizza', 'hotdog'],
    });
  });
  it('14: keeps the 25 newest of an array', async () => {
    for (let index = 0; index < 29; index++)
      await track(hearth.url, { attributes: [{ external_id: 'v14', a: { add: [`e${index}`] } }] });
    const stored = (await attributes({ external_id: 'v14', a: { add: ['e29'] } })) as { a: string[] };
    expect(stored.a).toEqual(Array.from({ length: 25 }, (_, index) => `e${index + 5}`));
  });
  it('15, 16: replaces, merges and refuses nested objects', async () => {
    await attributes({ external_id: 'v15', o: { k1: 1 } });
    expect(await attributes({ external_id: 'v15', _merge_objects: true, o: { k2: 1 } })).toEqual({
      o: { k1: 1, k2: 1 },
    });
    expect(await attributes({ external_id: 'v15', o: { k2: 1 } })).toEqual({ o: { k2: 1 } });
    expect(await attributes({ external_id: 'v15', o: { k2: null } })).toEqual({ o: { k2: 1 } });
  });
  it('17: adds to, updates in and removes from arrays of objects', async () => {
    const pets = (operation: object) =>
      attributes({ external_id: 'v17', _merge_objects: true, pets: operation });
    await pets({
      $add: [
        { id: 3, type: 'dog' },
        { id: 4, type: 'fish' },
        { id: 5, type: 'cat' },
      ],
    });
    expect(
      await pets({
        $update: [{ $identifier_key: 'id', $identifier_value: 4, $new_object: { breed: 'goldfish' } }],
        $remove: [{ $identifier_key: 'type', $identifier_value: 'cat' }],
      }),
    ).toEqual({
      pets: [
        { id: 3, type: 'dog' },
        { id: 4, type: 'fish', breed: 'goldfish' },
      ],
    });
  });
  it('18, 19: keeps the first and last time of an event by its own time, never later than now', async () => {
    const event = { external_id: 'v18', name: 'e' };
    await totals('events', { ...event, time: '2024-01-01T00:00:00Z' });
    expect(await totals('events', { ...event, time: '2022-01-01T00:00:00Z' })).toEqual({
      name: 'e',
      first: '2022-01-01T00:00:00.000Z',
      last: '2024-01-01T00:00:00.000Z',
      count: 2,
    });
    const before = now();
    const { last } = await totals('events', { ...event, time: '2099-01-01T00:00:00Z' });
    expect(last >= before && last <= now()).toBe(true);
  });
  it('20, 21, 22, 23: counts purchases by quantity and refuses what is no purchase', async () => {
    const purchase = {
      external_id: 'v20',
      product_id: 'p',
      currency: 'USD',
      price: 2.5,
      time: '2024-01-01T00:00:00Z',
    };
    expect((await totals('purchases', { ...purchase, quantity: 3 })).count).toBe(3);
    expect((await totals('purchases', { ...purchase, price: -5 })).count).toBe(4);
    for (const quantity of [101, 'x', 0])
      expect(await sync({ purchases: { ...purchase, quantity } })).toMatchObject({
        status: 400,
        body: {
          message: VALID_DATA,
          errors: [{ type: "'quantity' is not valid", input_array: 'purchases', index: 0 }],
        },
      });
    expect((await sync({ purchases: { ...purchase, currency: 'ZZZ' } })).body['errors']).toEqual([
      { type: "'currency' must be an ISO 4217 currency", input_array: 'purchases', index: 0 },
    ]);
  });
  it('24: refuses reserved properties', async () => {
    expect(
      (await sync({ events: { external_id: 'v24', name: 'e', time: now(), properties: { time: 1 } } }))
        .status,
    ).toBe(400);
  });
  it('25: takes one object, and of more than one stores none', async () => {
    const object = { external_id: 'v25', x: 1 };
    expect((await sync({ attributes: [object, object] })).status).toBe(400);
    expect(
      (await sync({ attributes: object, events: { external_id: 'v25', name: 'e', time: now() } })).status,
    ).toBe(400);
    expect(await exists({ external_id: 'v25' })).toBe(false);
  });
  it('26: finds nobody to update', async () => {
    expect(
      (await sync({ attributes: { external_id: 'v26', x: 1, _update_existing_only: true } })).body,
    ).toEqual({ users: [], message: 'success' });
  });
  it('38: takes First_Name for a custom attribute', async () => {
    expect(await attributes({ external_id: 'v38', First_Name: 'Jo', first_name: 'Jo' })).toEqual({
      First_Name: 'Jo',
    });
  });
  it('39: limits an external_id in bytes', async () => {
    expect((await sync({ attributes: { external_id: 'ü'.repeat(494), x: 1 } })).body['errors']).toEqual([
      { type: "'external_id' must be fewer than 988 bytes", input_array: 'attributes', index: 0 },
    ]);
  });
  it('answers with what an attribute was cleared to, and leaves out what was never there', async () => {
    await attributes({ external_id: 'cleared', a: 1 });
    expect(await attributes({ external_id: 'cleared', a: null })).toEqual({ a: null });
    expect(await attributes({ external_id: 'cleared', b: 'x'.repeat(256) })).toEqual({});
  });
  it('echoes the identifier as it was sent', async () => {
    const alias = { user_alias: { alias_label: 'l', alias_name: 'echo' } };
    for (const identifier of [
      { external_id: 'echo' },
      { ...alias },
      { email: 'Echo@Example.com' },
      { phone: '+14155552671' },
    ]) {
      const { body } = await sync({ attributes: { ...identifier, x: 1, _update_existing_only: false } });
      expect(body['users']).toEqual([{ ...identifier, custom_attributes: { x: 1 } }]);
    }
  });
});
