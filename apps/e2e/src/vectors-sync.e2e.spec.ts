import { describe, expect, it } from 'vitest';

import { now, shareHearth, VALID_DATA } from './testing/shared-hearth.ts';

/** The acceptance vectors of the user-data API (§20) about what is stored, seen through `/users/track/sync`, by their numbers. */

const { sync, track, attributes, totals, exportIds, profile } = shareHearth();

const purchase = { product_id: 'p', currency: 'USD', price: 2.5, time: '2024-01-01T00:00:00Z' };

describe('attributes', () => {
  it('12: counts up', async () => {
    const object = { external_id: 'v12', n: { inc: 2 } };
    expect(await attributes(object)).toEqual({ n: 2 });
    expect(await attributes(object)).toEqual({ n: 4 });
  });

  it('13: keeps arrays as sets whose newest comes last', async () => {
    const external_id = 'v13';
    expect(await attributes({ external_id, a: ['hotdog', 'hotdog', 'pizza'] })).toEqual({
      a: ['hotdog', 'pizza'],
    });
    expect(await attributes({ external_id, a: { add: ['hotdog'] } })).toEqual({ a: ['pizza', 'hotdog'] });
  });

  it('14: keeps the 25 newest of an array', async () => {
    for (let index = 0; index < 29; index++)
      await track({ attributes: [{ external_id: 'v14', a: { add: [`e${index}`] } }] });
    expect(await attributes({ external_id: 'v14', a: { add: ['e29'] } })).toEqual({
      a: Array.from({ length: 25 }, (_, index) => `e${index + 5}`),
    });
  });

  it('15: merges nested objects where it is told to, and replaces them where not', async () => {
    const external_id = 'v15';
    await attributes({ external_id, o: { k1: 1 } });
    expect(await attributes({ external_id, _merge_objects: true, o: { k2: 1 } })).toEqual({
      o: { k1: 1, k2: 1 },
    });
    expect(await attributes({ external_id, o: { k2: 1 } })).toEqual({ o: { k2: 1 } });
  });

  it('16: leaves an attribute as it was where a nested value is null', async () => {
    await attributes({ external_id: 'v16', o: { k: 1 } });
    expect(await attributes({ external_id: 'v16', o: { k: 2, gone: null } })).toEqual({ o: { k: 1 } });
  });

  it('17: changes lists of objects', async () => {
    const external_id = 'v17';
    const pets = [
      { id: 1, type: 'cat' },
      { id: 4, type: 'fish' },
    ];
    await attributes({ external_id, pets });
    const changes = {
      $add: [{ id: 3, type: 'dog' }],
      $update: [{ $identifier_key: 'id', $identifier_value: 4, $new_object: { breed: 'goldfish' } }],
      $remove: [{ $identifier_key: 'type', $identifier_value: 'cat' }],
    };
    expect(await attributes({ external_id, _merge_objects: true, pets: changes })).toEqual({
      pets: [
        { id: 4, type: 'fish', breed: 'goldfish' },
        { id: 3, type: 'dog' },
      ],
    });
  });

  it('27: maps names of countries, and clears one that cannot be mapped', async () => {
    await track({ attributes: [{ external_id: 'v27', country: 'Australia' }] });
    expect(await profile({ external_ids: ['v27'] })).toMatchObject({ country: 'AU' });
    await track({ attributes: [{ external_id: 'v27', country: 'Narnia' }] });
    expect(await profile({ external_ids: ['v27'] })).not.toHaveProperty('country');
  });

  it('38: takes First_Name for a custom attribute', async () => {
    expect(await attributes({ external_id: 'v38', First_Name: 'Jo' })).toEqual({ First_Name: 'Jo' });
    expect(await profile({ external_ids: ['v38'] })).not.toHaveProperty('first_name');
  });

  it('39: limits an external_id in bytes', async () => {
    const { status, body } = await sync({ attributes: { external_id: 'ü'.repeat(494), x: 1 } });
    expect([status, body['errors']]).toEqual([
      400,
      [{ type: "'external_id' must be fewer than 988 bytes", input_array: 'attributes', index: 0 }],
    ]);
    expect(await attributes({ external_id: 'ü'.repeat(493), x: 1 })).toEqual({ x: 1 });
  });
});

describe('events', () => {
  it('18: keeps the first and the last time of an event by its own time', async () => {
    const event = { external_id: 'v18', name: 'e' };
    await totals('events', { ...event, time: '2024-01-01T00:00:00Z' });
    expect(await totals('events', { ...event, time: '2022-01-01T00:00:00Z' })).toEqual({
      name: 'e',
      first: '2022-01-01T00:00:00.000Z',
      last: '2024-01-01T00:00:00.000Z',
      count: 2,
    });
  });

  it('19: takes a time ahead for now', async () => {
    const before = now();
    const { last } = await totals('events', { external_id: 'v19', name: 'e', time: '2099-01-01T00:00:00Z' });
    expect(last >= before && last <= now()).toBe(true);
  });

  it('24: refuses reserved properties', async () => {
    const event = { external_id: 'v24', name: 'e', time: now(), properties: { time: 1 } };
    const { status, body } = await sync({ events: event });
    expect([status, body['errors']]).toEqual([
      400,
      [{ type: "Invalid 'properties' field", input_array: 'events', index: 0 }],
    ]);
  });
});

describe('purchases', () => {
  it('20: counts a purchase of three as three', async () => {
    expect((await totals('purchases', { ...purchase, external_id: 'v20', quantity: 3 })).count).toBe(3);
    expect(await profile({ external_ids: ['v20'] })).toMatchObject({ total_revenue: 7.5 });
  });

  it.each([101, 'x', 0])('21: refuses the quantity %s', async (quantity) => {
    const { status, body } = await sync({ purchases: { ...purchase, external_id: 'v21', quantity } });
    expect([status, body]).toEqual([
      400,
      {
        message: VALID_DATA,
        errors: [{ type: "'quantity' is not valid", input_array: 'purchases', index: 0 }],
      },
    ]);
  });

  it('22: refuses a currency that does not exist', async () => {
    const { body } = await sync({ purchases: { ...purchase, external_id: 'v22', currency: 'ZZZ' } });
    expect(body['errors']).toEqual([
      { type: "'currency' must be an ISO 4217 currency", input_array: 'purchases', index: 0 },
    ]);
  });

  it('23: takes a refund for a purchase of negative revenue', async () => {
    const { count } = await totals('purchases', { ...purchase, external_id: 'v23', price: -5 });
    expect(count).toBe(1);
    expect(await profile({ external_ids: ['v23'] })).toMatchObject({ total_revenue: -5 });
  });
});

describe('a sync call', () => {
  it('25: takes one object, and of more than one stores none', async () => {
    const object = { external_id: 'v25', x: 1 };
    const event = { external_id: 'v25', name: 'e', time: now() };
    expect((await sync({ attributes: [object, object] })).status).toBe(400);
    expect((await sync({ attributes: object, events: event })).status).toBe(400);
    expect((await exportIds({ external_ids: ['v25'] })).users).toEqual([]);
  });

  it('26: finds nobody to update', async () => {
    const { status, body } = await sync({
      attributes: { external_id: 'v26', x: 1, _update_existing_only: true },
    });
    expect([status, body]).toEqual([201, { users: [], message: 'success' }]);
  });
});
