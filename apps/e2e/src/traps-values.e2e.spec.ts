import { describe, expect, it } from 'vitest';

import { now, shareHearth } from './testing/shared-hearth.ts';

/** The traps of the user-data API (§18) about values, by their numbers. Those that are missing here are acceptance vectors. */

const { attributes, sync, totals, track, profile } = shareHearth();

const purchase = { product_id: 'p', currency: 'USD', price: 2, time: now() };

describe('custom attributes', () => {
  it('trap 11: an object of operators is no nested object, and one that only looks like it is one', async () => {
    const external_id = 't11';
    expect(await attributes({ external_id, a: { add: ['x'] }, n: { inc: 1 } })).toEqual({ a: ['x'], n: 1 });
    const lookalikes = { b: { add: 1 }, c: { inc: 'x' }, d: { inc: 1, by: 2 } };
    expect(await attributes({ external_id, ...lookalikes })).toEqual(lookalikes);
  });

  it('trap 13: an array of objects has no limit of items', async () => {
    const pets = Array.from({ length: 60 }, (_, id) => ({ id }));
    expect(await attributes({ external_id: 't13', pets })).toEqual({ pets });
    expect(await attributes({ external_id: 't13', pets: { $add: [{ id: 60 }] } })).toEqual({
      pets: [...pets, { id: 60 }],
    });
  });

  it('trap 16: an update without merging puts the new item in the place of the old one, id and all', async () => {
    const external_id = 't16';
    await attributes({ external_id, pets: [{ id: 4, type: 'fish' }] });
    const update = [{ $identifier_key: 'id', $identifier_value: 4, $new_object: { breed: 'goldfish' } }];
    expect(await attributes({ external_id, _merge_objects: false, pets: { $update: update } })).toEqual({
      pets: [{ breed: 'goldfish' }],
    });
  });

  it('trap 17: a string that reads as a date becomes a time; inside of objects only $time does', async () => {
    const nested = { plain: '2021-12-01', at: { $time: '2021-12-01' } };
    const stored = (await attributes({ external_id: 't17', day: '12/1/2021', o: nested })) as {
      day: string;
      o: { plain: string; at: string };
    };
    expect(new Date(stored.day).toISOString()).toBe('2021-12-01T00:00:00.000Z');
    expect(stored.day).not.toBe('12/1/2021');
    expect(stored.o.plain).toBe('2021-12-01');
    expect(JSON.stringify(stored.o.at)).toContain('2021-12-01T00:00:00');
  });

  it('trap 33: __proto__ is refused, and names that objects inherit and of digits are names', async () => {
    const { status, body } = await track('{"attributes":[{"external_id":"t33","__proto__":{"admin":true}}]}');
    expect([status, body['errors']]).toEqual([
      400,
      [{ type: "'__proto__' is not valid", input_array: 'attributes', index: 0 }],
    ]);
    const names = {
      '1': 'one',
      '0': 'zero',
      toString: 'text',
      constructor: { prototype: { polluted: true } },
      prototype: ['a'],
    };
    expect(await attributes({ external_id: 't33', ...names })).toEqual(names);
  });

  it('trap 36: a whole number is whole, however it is written', async () => {
    await sync('{"attributes":{"external_id":"t36","n":1.0}}');
    expect(await attributes({ external_id: 't36', n: { inc: 1 } })).toEqual({ n: 2 });
    await attributes({ external_id: 't36', f: 1.5 });
    expect(await attributes({ external_id: 't36', f: { inc: 1 } })).toEqual({ f: 1.5 });
  });
});

describe('profile fields', () => {
  it('trap 18: a time zone that is none is ignored, an email that is none refuses the object', async () => {
    const external_id = 't18';
    await track({ attributes: [{ external_id, country: 'USA', time_zone: 'America/New_York' }] });
    const { body } = await track({ attributes: [{ external_id, time_zone: 'Mars/Olympus', x: 1 }] });
    expect(body).toEqual({ message: 'success', attributes_processed: 1 });
    const refused = await track({ attributes: [{ external_id, email: 'nobody', x: 2 }] });
    expect([refused.status, refused.body['errors']]).toEqual([
      400,
      [
        {
          type: "The value provided for the 'email' field is not a valid email.",
          input_array: 'attributes',
          index: 0,
        },
      ],
    ]);
    expect(await profile({ external_ids: [external_id] })).toMatchObject({
      country: 'US',
      time_zone: 'America/New_York',
      custom_attributes: { x: 1 },
    });
  });

  it('trap 19: custom_attributes is an attribute like any other, and bio is none', async () => {
    expect(
      await attributes({ external_id: 't19', custom_attributes: { tier: 'gold' }, bio: 'long' }),
    ).toEqual({
      custom_attributes: { tier: 'gold' },
    });
    expect(await profile({ external_ids: ['t19'] })).toMatchObject({
      custom_attributes: { custom_attributes: { tier: 'gold' } },
    });
  });

  it('trap 27: a location is sent as an object, and exported as longitude and latitude', async () => {
    await track({
      attributes: [{ external_id: 't27', current_location: { longitude: 8.8, latitude: 53.1 } }],
    });
    expect(await profile({ external_ids: ['t27'] })).toMatchObject({ last_coordinates: [8.8, 53.1] });
  });
});

describe('events and purchases', () => {
  it('trap 20: a price of zero counts', async () => {
    expect(
      (await totals('purchases', { ...purchase, external_id: 't20', price: 0, quantity: 2 })).count,
    ).toBe(2);
    expect(await profile({ external_ids: ['t20'] })).toMatchObject({ total_revenue: 0 });
  });

  it('trap 23: a purchase goes by its product_id in a sync answer, and by name in an export', async () => {
    const { body } = await sync({ purchases: { ...purchase, external_id: 't23' } });
    expect(body['users']).toMatchObject([{ purchase_events: [{ product_id: 'p', count: 1 }] }]);
    expect(await profile({ external_ids: ['t23'] })).toMatchObject({ purchases: [{ name: 'p', count: 1 }] });
  });

  it('trap 26: an export shows what happened in the last 90 days, and no empty fields', async () => {
    const event = { external_id: 't26', name: 'old', time: '2020-01-01T00:00:00Z' };
    expect((await totals('events', event)).count).toBe(1);
    await totals('purchases', { ...purchase, external_id: 't26', time: '2020-01-01T00:00:00Z' });
    const exported = await profile({ external_ids: ['t26'] });
    expect(Object.keys(exported!).toSorted()).toEqual([
      'braze_id',
      'created_at',
      'external_id',
      'random_bucket',
      'total_revenue',
    ]);
    expect((await totals('events', event)).count).toBe(2);
  });

  it('trap 37: two equal events are two events', async () => {
    const event = { external_id: 't37', name: 'e', time: '2024-01-01T00:00:00Z' };
    await track({ events: [event, event] });
    await track({ events: [event] });
    expect((await totals('events', event)).count).toBe(4);
  });
});
