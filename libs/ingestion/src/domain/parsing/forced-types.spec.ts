import type { ForcedType, Json } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { accepted, rulesWith } from '../../testing/parse-one.ts';

const stored = (forcedType: ForcedType, value: Json) => {
  const rules = rulesWith({ attributeRules: new Map([['a', { forcedType }]]) });
  const [command] = accepted('attributes', { external_id: 'u', a: value }, rules).commands;
  if (command?.type !== 'UpdateAttributes') throw new Error('nothing stored');
  return command.data.dropped?.[0]?.reason ?? command.data.custom?.['a'];
};

const TIME = { $time: '2021-12-01T00:00:00.000Z' };
const LEFT_OUT = 'forced_type';

describe('a forced data type (user-data API §8.2)', () => {
  it.each<[ForcedType, Json, Json]>([
    ['boolean', true, true],
    ['boolean', 1, true],
    ['boolean', 'True', true],
    ['boolean', 'T', true],
    ['boolean', '1', true],
    ['boolean', 0, false],
    ['boolean', 'FALSE', false],
    ['boolean', 'f', false],
    ['boolean', 'yes', LEFT_OUT],
    ['boolean', 2, LEFT_OUT],
    ['boolean', [true], LEFT_OUT],
    ['boolean', { inc: 1 }, LEFT_OUT],
    ['number', 1.5, 1.5],
    ['number', '12', 12],
    ['number', '-1.5e3', -1500],
    ['number', { inc: 2 }, { inc: 2 }],
    ['number', { inc: 2.5 }, 'not_an_integer'],
    ['number', '1e999', LEFT_OUT],
    ['number', ' 12', LEFT_OUT],
    ['number', '', LEFT_OUT],
    ['number', '0x10', LEFT_OUT],
    ['number', true, LEFT_OUT],
    ['number', { x: 1 }, LEFT_OUT],
    ['string', 'x', 'x'],
    ['string', '12/1/2021', '12/1/2021'],
    ['string', 5, '5'],
    ['string', true, 'true'],
    ['string', 'x'.repeat(256), 'string_too_long'],
    ['string', ['x'], LEFT_OUT],
    ['string', {}, LEFT_OUT],
    ['time', '12/1/2021', TIME],
    ['time', { $time: '2021-12-01' }, TIME],
    ['time', 'tomorrow', LEFT_OUT],
    ['time', 1638316800, LEFT_OUT],
    ['array', ['a', 1], ['a', 1]],
    ['array', [], []],
    ['array', 'a', ['a']],
    ['array', { add: ['a'] }, { add: ['a'] }],
    ['array', { add: ['a'], remove: ['b'] }, { add: ['a'], remove: ['b'] }],
    ['array', { $add: ['a'] }, { $add: ['a'] }],
    ['array', { $add: [{ id: 1 }] }, LEFT_OUT],
    ['array', { inc: 1 }, LEFT_OUT],
    ['array', [{ id: 1 }], LEFT_OUT],
    ['array', { x: 1 }, LEFT_OUT],
    ['object', { x: 1 }, { x: 1 }],
    ['object', { x: null }, 'null_inside'],
    ['object', { add: ['a'] }, LEFT_OUT],
    ['object', 'x', LEFT_OUT],
    ['object', [{ x: 1 }], LEFT_OUT],
    ['object_array', [{ id: 1 }], [{ id: 1 }]],
    ['object_array', { $add: [{ id: 1 }] }, { $add: [{ id: 1 }] }],
    [
      'object_array',
      { $remove: [{ $identifier_key: 'id', $identifier_value: 1 }] },
      { $remove: [{ $identifier_key: 'id', $identifier_value: 1 }] },
    ],
    ['object_array', { add: ['a'] }, LEFT_OUT],
    ['object_array', { $add: [false] }, LEFT_OUT],
    ['object_array', { $remove: ['a'] }, LEFT_OUT],
    ['object_array', { $add: [] }, { $add: [] }],
    ['object_array', ['a'], LEFT_OUT],
    ['object_array', { x: 1 }, LEFT_OUT],
  ])('%s takes %j as %j', (type, sent, expected) => expect(stored(type, sent)).toEqual(expected));

  it.each<ForcedType>(['boolean', 'number', 'string', 'time', 'array', 'object', 'object_array'])(
    '%s: null removes as ever',
    (type) => expect(stored(type, null)).toBeNull(),
  );

  it('leaves other attributes, and properties of events, as they are', () => {
    const rules = rulesWith({ attributeRules: new Map([['a', { forcedType: 'string' }]]) });
    const [command] = accepted('attributes', { external_id: 'u', a: 1, b: 1 }, rules).commands;
    expect(command?.data).toEqual({ custom: { a: '1', b: 1 } });
    const event = { external_id: 'u', name: 'e', time: '2020-01-01', properties: { a: 1 } };
    expect(accepted('events', event, rules).commands[0]?.data).toMatchObject({ properties: { a: 1 } });
  });
});

describe('a list limit (§8.4)', () => {
  const rules = rulesWith({ attributeRules: new Map([['a', { listLimit: 100 }]]) });
  const dataOf = (value: Json) =>
    accepted('attributes', { external_id: 'u', a: value, b: [1] }, rules).commands[0]?.data;

  it('goes with the lists and operators it is for', () => {
    expect(dataOf([1])).toEqual({ custom: { a: [1], b: [1] }, list_limits: { a: 100 } });
    expect(dataOf({ add: [1] })).toMatchObject({ list_limits: { a: 100 } });
  });
  it('goes with nothing else', () => expect(dataOf('x')).not.toHaveProperty('list_limits'));
});
