import type { Json, JsonObject } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { accepted, customOf, fieldsOf, NOW, NOW_ISO, parseOne } from '../../testing/parse-one.ts';
import { parseJsonBody } from './json-body.ts';
import { defaultTrackRules } from './track-rules.ts';
import { parseTrack } from './track-request.ts';
import { parseTrackSync } from './track-sync-request.ts';

const NO_VALID_DATA = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";
const REQUIRED = "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required";
const alias = { alias_name: 'n', alias_label: 'l' };
const event = { external_id: 'a', name: 'e', time: '2020-01-01' };
const purchase = { external_id: 'a', product_id: 'p', currency: 'USD', price: 2.5, time: '2020-01-01' };
const track = (body: Json) => parseTrack(body, defaultTrackRules, NOW);
const sync = (body: Json) => parseTrackSync(body, defaultTrackRules, NOW);

/** The acceptance vectors of the user-data API (§20), by number, as far as they concern parsing. */
describe('acceptance vectors', () => {
  it('1: one attributes object', () => {
    const request = track({ attributes: [{ external_id: 'a', x: 1 }] });
    expect(request).toMatchObject({ errors: [], processed: { attributes_processed: 1 } });
    expect(request).toHaveProperty('objects.0.commands', [
      { type: 'UpdateAttributes', data: { custom: { x: 1 } } },
    ]);
  });

  it('2: one good event and one without an identifier', () => {
    expect(track({ events: [event, { name: 'e', time: '2020-01-01' }] })).toMatchObject({
      processed: { events_processed: 1 },
      errors: [{ type: REQUIRED, input_array: 'events', index: 1 }],
    });
  });

  it('3: only bad objects', () => {
    expect(track({ events: [{}] })).toMatchObject({
      status: 400,
      message: NO_VALID_DATA,
      errors: [{ index: 0 }],
    });
  });

  it('4: an empty body', () => {
    expect(track({})).toEqual({ status: 400, message: NO_VALID_DATA });
  });

  it('5: 76 attributes objects', () => {
    const attributes = Array.from({ length: 76 }, () => ({ external_id: 'a' }));
    expect(track({ attributes })).toEqual({ status: 400, message: 'Max Input Length Exceeded' });
  });

  it('7 and 8: an alias is looked up only, unless the object says otherwise', () => {
    expect(parseOne('attributes', { user_alias: alias, x: 1 })).toMatchObject({ updateExistingOnly: true });
    expect(parseOne('attributes', { user_alias: alias, x: 1, _update_existing_only: false })).toMatchObject({
      updateExistingOnly: false,
    });
  });

  it('9: an email names the same user in any case', () => {
    for (const email of ['Jon@Example.com', 'jon@example.COM'])
      expect(parseOne('attributes', { email })).toMatchObject({
        identifier: { kind: 'email', value: 'jon@example.com' },
      });
  });

  it('10: beside an external_id an email is data', () => {
    expect(parseOne('attributes', { external_id: 'b', email: 'Jon@Example.com' })).toMatchObject({
      identifier: { kind: 'external_id', value: 'b' },
      commands: [{ data: { fields: { email: 'jon@example.com' } } }],
    });
  });

  it('12: inc, in a bare object', () => {
    expect(sync({ attributes: { external_id: 'a', n: { inc: 2 } } })).toMatchObject({
      object: { commands: [{ data: { custom: { n: { inc: 2 } } } }], select: { custom_attributes: ['n'] } },
    });
  });

  it('13 and 14: arrays and additions to them stand as sent', () => {
    for (const value of [['hotdog', 'hotdog', 'pizza'], { add: ['hotdog'] }])
      expect(customOf(value)).toEqual({ stored: value });
    const many = { add: Array.from({ length: 30 }, (_, i) => `v${i}`) };
    expect(customOf(many)).toEqual({ stored: many });
  });

  it('15: _merge_objects', () => {
    const dataOf = (sent: JsonObject) => accepted('attributes', { external_id: 'a', ...sent }).commands[0];
    expect(dataOf({ _merge_objects: true, o: { k2: 1 } })).toMatchObject({
      data: { custom: { o: { k2: 1 } }, merge_objects: true },
    });
    expect(dataOf({ o: { k2: 1 } })).not.toHaveProperty('data.merge_objects');
  });

  it('16: a null inside a nested object leaves the attribute as it was', () => {
    expect(customOf({ k1: 1, k2: null })).toEqual({ dropped: 'null_inside' });
  });

  it('17: operators on object arrays', () => {
    const pets: JsonObject = {
      $add: [{ id: 3, type: 'dog' }],
      $update: [{ $identifier_key: 'id', $identifier_value: 4, $new_object: { breed: 'goldfish' } }],
      $remove: [{ $identifier_key: 'type', $identifier_value: 'cat' }],
    };
    expect(customOf(pets, { _merge_objects: true })).toEqual({ stored: pets });
  });

  it('18 and 19: an old time stays, one in 2099 is now', () => {
    expect(parseOne('events', event)).toMatchObject({
      commands: [{ data: { time: '2020-01-01T00:00:00.000Z' } }],
    });
    expect(parseOne('events', { ...event, time: '2099-01-01T00:00:00Z' })).toMatchObject({
      commands: [{ data: { time: NOW_ISO } }],
    });
  });

  it('20 and 23: quantity and negative prices', () => {
    expect(parseOne('purchases', { ...purchase, quantity: 3 })).toMatchObject({
      commands: [{ data: { quantity: 3, price: 2.5 } }],
    });
    expect(parseOne('purchases', { ...purchase, price: -5 })).toMatchObject({
      commands: [{ data: { quantity: 1, price: -5 } }],
    });
  });

  it.each([101, 'x', 0])('21: quantity %j', (quantity) => {
    expect(parseOne('purchases', { ...purchase, quantity })).toBe("'quantity' is not valid");
  });

  it('22: currency ZZZ', () => {
    expect(parseOne('purchases', { ...purchase, currency: 'ZZZ' })).toBe(
      "'currency' must be an ISO 4217 currency",
    );
  });

  it('24: an event property named time', () => {
    expect(parseOne('events', { ...event, properties: { time: 'x' } })).toBe("Invalid 'properties' field");
  });

  it('25: two objects, or two kinds, in a sync body', () => {
    const bodies: readonly Json[] = [
      { attributes: [{ external_id: 'a' }, { external_id: 'b' }] },
      { attributes: { external_id: 'a' }, events: event },
    ];
    for (const body of bodies) expect(sync(body)).toMatchObject({ status: 400 });
  });

  it('26: _update_existing_only in a sync body', () => {
    expect(sync({ attributes: { external_id: 'a', _update_existing_only: true } })).toMatchObject({
      object: { updateExistingOnly: true },
    });
  });

  it('27: a country, and what is none', () => {
    expect(fieldsOf({ country: 'Australia' })).toEqual({ country: 'AU' });
    expect(fieldsOf({ country: 'Narnia' })).toEqual({ country: null });
  });

  it('36: broken JSON', () => {
    expect(parseJsonBody('{"attributes":[{"external_id":"a"}')).toBeUndefined();
  });

  it('38: First_Name is a custom attribute', () => {
    expect(parseOne('attributes', { external_id: 'a', First_Name: 'x' })).toMatchObject({
      commands: [{ data: { custom: { First_Name: 'x' } } }],
    });
    expect(fieldsOf({ First_Name: 'x' })).toBeUndefined();
  });

  it('39: an external_id of 988 bytes in fewer characters', () => {
    expect(parseOne('attributes', { external_id: 'é'.repeat(494) })).toBe(
      "'external_id' must be fewer than 988 bytes",
    );
  });

  it('40: an extra top-level key', () => {
    const body = { attributes: [{ external_id: 'a', x: 1 }] };
    expect(track({ partner: 'RudderStack', ...body })).toEqual(track(body));
  });
});
