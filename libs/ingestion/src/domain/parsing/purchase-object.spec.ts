import type { Json, JsonObject } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { accepted, NOW_ISO, parseOne } from '../../testing/parse-one.ts';

const purchase = {
  external_id: 'u',
  product_id: 'Completed Order',
  currency: 'USD',
  price: 2.5,
  time: '2022-12-06T18:20:45Z',
};
const dataOf = (changes: JsonObject) =>
  accepted('purchases', { ...purchase, ...changes }).commands.at(-1)?.data;
const CURRENCY = "'currency' must be an ISO 4217 currency";

describe('purchase objects (user-data API §10)', () => {
  it('become a command', () => {
    expect(
      accepted('purchases', { ...purchase, quantity: 3, app_id: 'app', properties: { a: 1 }, other: 1 }),
    ).toMatchObject({
      inputArray: 'purchases',
      commands: [
        {
          type: 'RecordPurchase',
          data: {
            product_id: 'Completed Order',
            currency: 'USD',
            price: 2.5,
            quantity: 3,
            time: '2022-12-06T18:20:45.000Z',
            app_id: 'app',
            properties: { a: 1 },
          },
        },
      ],
      select: { purchase_events: ['Completed Order'] },
    });
  });

  it.each<[JsonObject, JsonObject]>([
    [{}, { quantity: 1 }],
    [{ quantity: null }, { quantity: 1 }],
    [{ quantity: 1 }, { quantity: 1 }],
    [{ quantity: 100 }, { quantity: 100 }],
    [{ currency: 'usd' }, { currency: 'USD' }],
    [{ price: 0 }, { price: 0 }],
    [{ price: -5 }, { price: -5 }],
    [{ product_id: 12 }, { product_id: '12' }],
    [{ product_id: 1.5 }, { product_id: '1.5' }],
    [{ product_id: 'x'.repeat(255) }, { product_id: 'x'.repeat(255) }],
    [{ time: '2099-01-01' }, { time: NOW_ISO }],
  ])('%j is stored as %j', (changes, data) => {
    expect(dataOf(changes)).toMatchObject(data);
  });

  it.each<[string, readonly Json[], string]>([
    ['product_id', [null], "'product_id' is required"],
    ['product_id', ['', true, {}, [], 'x'.repeat(256), 2 ** 53], "'product_id' is not valid"],
    ['currency', [null], "'currency' is required"],
    ['currency', ['ZZZ', '', 'US', 'dollars', 840, true, {}, ['USD']], CURRENCY],
    ['price', [null], "'price' is required"],
    ['price', ['2.5', '', true, {}, [], 1e300, -1e300], "'price' is not valid"],
    ['quantity', [0, -1, 101, 1.5, '1', 'x', true, {}, [], 1e300], "'quantity' is not valid"],
    ['time', [null], "'time' is required"],
    ['time', ['', 'soon', 5, {}, []], "'time' is not valid"],
    ['properties', ['x', [], 1, { price: 1 }], "Invalid 'properties' field"],
  ])('a bad %s: %j', (field, values, text) => {
    for (const value of values) expect(parseOne('purchases', { ...purchase, [field]: value })).toBe(text);
  });

  it.each(['product_id', 'currency', 'price', 'time'])('need %s', (field) => {
    const sent = Object.fromEntries(Object.entries(purchase).filter(([name]) => name !== field));
    expect(parseOne('purchases', sent)).toBe(`'${field}' is required`);
  });
});
