import type { Identifier, Json, JsonObject } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { accepted, fieldsOf, parseOne, rulesWith } from '../../testing/parse-one.ts';

const alias = { alias_name: 'n', alias_label: 'l' };
const brazeId = '0123456789abcdef01234567';
const REQUIRED = "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required";
const ONE_PRIMARY = "Only one of 'external_id', 'braze_id' or 'user_alias' is allowed";
const BAD_EMAIL = "The value provided for the 'email' field is not a valid email.";

describe('which identifier counts (user-data API §11.2)', () => {
  it.each<[string, JsonObject, Identifier, JsonObject]>([
    ['external_id', { external_id: 'u1' }, { kind: 'external_id', value: 'u1' }, { external_id: 'u1' }],
    [
      'external_id with spaces',
      { external_id: ' U 1 ' },
      { kind: 'external_id', value: ' U 1 ' },
      { external_id: ' U 1 ' },
    ],
    [
      'an integer as external_id',
      { external_id: 42 },
      { kind: 'external_id', value: '42' },
      { external_id: '42' },
    ],
    ['user_alias', { user_alias: alias }, { kind: 'user_alias', value: alias }, { user_alias: alias }],
    [
      'user_alias with more in it',
      { user_alias: { ...alias, other: 1 } },
      { kind: 'user_alias', value: alias },
      { user_alias: alias },
    ],
    ['braze_id', { braze_id: brazeId }, { kind: 'braze_id', value: brazeId }, { braze_id: brazeId }],
    [
      'braze_id in capitals',
      { braze_id: brazeId.toUpperCase() },
      { kind: 'braze_id', value: brazeId },
      { braze_id: brazeId.toUpperCase() },
    ],
    ['email, lower-cased', { email: 'A@B.Co' }, { kind: 'email', value: 'a@b.co' }, { email: 'A@B.Co' }],
    [
      'phone in E.164',
      { phone: '+15045551234' },
      { kind: 'phone', value: '+15045551234' },
      { phone: '+15045551234' },
    ],
    [
      'phone without a plus',
      { phone: '11112223333' },
      { kind: 'phone', value: '+11112223333' },
      { phone: '11112223333' },
    ],
    [
      'email before phone',
      { phone: '+15045551234', email: 'a@b.co' },
      { kind: 'email', value: 'a@b.co' },
      { email: 'a@b.co' },
    ],
    [
      'a primary before email',
      { email: 'a@b.co', external_id: 'u' },
      { kind: 'external_id', value: 'u' },
      { external_id: 'u' },
    ],
    [
      'what is left when others are null',
      { external_id: null, user_alias: null, braze_id: null, email: 'a@b.co' },
      { kind: 'email', value: 'a@b.co' },
      { email: 'a@b.co' },
    ],
    [
      'what is left when others are empty',
      { external_id: '', braze_id: '', email: '', phone: '+15045551234' },
      { kind: 'phone', value: '+15045551234' },
      { phone: '+15045551234' },
    ],
  ])('takes %s', (_, sent, identifier, echo) => {
    for (const [array, more] of [
      ['attributes', {}],
      ['events', { name: 'e', time: '2020-01-01' }],
      ['purchases', { product_id: 'p', currency: 'USD', price: 1, time: '2020-01-01' }],
    ] as const)
      expect(accepted(array, { ...sent, ...more })).toMatchObject({ identifier, echo });
  });

  it.each<[string, Json, string]>([
    ['nothing', {}, REQUIRED],
    ['nulls only', { external_id: null, email: null, phone: null, x: 1 }, REQUIRED],
    ['empty strings only', { external_id: '', user_alias: '', email: '', phone: '' }, REQUIRED],
    ['a capitalised key', { External_id: 'u' }, REQUIRED],
    ['a string instead of an object', 'u1', REQUIRED],
    ['a number instead of an object', 1, REQUIRED],
    ['null instead of an object', null, REQUIRED],
    ['an array instead of an object', [{ external_id: 'u' }], REQUIRED],
    ['two primaries', { external_id: 'u', user_alias: alias }, ONE_PRIMARY],
    ['two primaries, one of them invalid', { external_id: 'u', braze_id: 5 }, ONE_PRIMARY],
    ['three primaries', { external_id: 'u', user_alias: alias, braze_id: brazeId }, ONE_PRIMARY],
    ['a fraction as external_id', { external_id: 1.5 }, "'external_id' is not valid"],
    ['an integer that lost digits', { external_id: 2 ** 53 }, "'external_id' is not valid"],
    ['a boolean as external_id', { external_id: true }, "'external_id' is not valid"],
    ['an object as external_id', { external_id: {} }, "'external_id' is not valid"],
    ['an array as external_id', { external_id: ['u'] }, "'external_id' is not valid"],
    ['a text as user_alias', { user_alias: 'n' }, "'user_alias' is not valid"],
    ['an array as user_alias', { user_alias: [alias] }, "'user_alias' is not valid"],
    ['an alias without a label', { user_alias: { alias_name: 'n' } }, "'user_alias' is not valid"],
    [
      'an alias with an empty name',
      { user_alias: { alias_name: '', alias_label: 'l' } },
      "'user_alias' is not valid",
    ],
    [
      'an alias with a number as name',
      { user_alias: { alias_name: 1, alias_label: 'l' } },
      "'user_alias' is not valid",
    ],
    [
      'an alias of 988 bytes',
      { user_alias: { alias_name: 'é'.repeat(494), alias_label: 'l' } },
      "'user_alias' is not valid",
    ],
    ['a number as braze_id', { braze_id: 1 }, "'braze_id' is not valid"],
    ['a braze_id that was never assigned', { braze_id: '../x' }, "'braze_id' is not valid"],
    ['a malformed email', { email: 'not-an-address' }, BAD_EMAIL],
    ['a malformed email beside a good phone', { email: 'x@', phone: '+15045551234' }, BAD_EMAIL],
    ['a malformed email beside a primary', { external_id: 'u', email: 'x@' }, BAD_EMAIL],
    ['a number as email', { email: 5 }, BAD_EMAIL],
    ['a phone that is none', { phone: 'call me' }, "'phone' is not valid"],
    ['a number as phone', { phone: 15045551234 }, "'phone' is not valid"],
    ['a number as phone beside a primary', { external_id: 'u', phone: 15045551234 }, "'phone' is not valid"],
  ])('refuses %s', (_, sent, text) => {
    expect(parseOne('attributes', sent)).toBe(text);
  });

  it('with lenient primaries takes external_id, then user_alias, then braze_id', () => {
    const rules = rulesWith({ strictPrimary: false });
    const all = { braze_id: brazeId, user_alias: alias, external_id: 'u' };
    expect(accepted('attributes', all, rules).identifier.kind).toBe('external_id');
    expect(accepted('attributes', { ...all, external_id: null }, rules).identifier.kind).toBe('user_alias');
    expect(accepted('attributes', { braze_id: brazeId }, rules).identifier.kind).toBe('braze_id');
  });

  it('counts the bytes of an external_id, not its characters', () => {
    const id = (bytes: number) => 'é'.repeat(Math.floor(bytes / 2)) + 'x'.repeat(bytes % 2);
    expect(accepted('attributes', { external_id: id(987) }).identifier.value).toBe(id(987));
    const emoji = '😀'.repeat(247);
    for (const tooLong of [id(988), 'x'.repeat(988), emoji, 'x'.repeat(1_000_000)])
      expect(parseOne('attributes', { external_id: tooLong })).toBe(
        "'external_id' must be fewer than 988 bytes",
      );
  });

  it('refuses blocked external_ids, numeric ones too', () => {
    const rules = rulesWith({ blockedExternalIds: new Set(['dummy', '7']) });
    for (const external_id of ['dummy', 7])
      expect(parseOne('attributes', { external_id }, rules)).toBe(
        'provided external_id is blacklisted and disallowed',
      );
    expect(accepted('attributes', { external_id: 'other' }, rules).identifier.value).toBe('other');
  });
});

describe('email and phone beside the identifier (§11.2)', () => {
  it('writes them to the profile that a primary names', () => {
    expect(fieldsOf({ email: 'Jon@Example.COM', phone: '00442071838750' })).toEqual({
      email: 'jon@example.com',
      phone: '+442071838750',
    });
  });

  it('does not repeat the identifier among the fields', () => {
    const { commands } = accepted('attributes', { email: 'a@b.co', phone: '+15045551234' });
    expect(commands).toEqual([{ type: 'UpdateAttributes', data: { fields: { phone: '+15045551234' } } }]);
  });

  it('keeps a phone that cannot be parsed as text', () => {
    expect(fieldsOf({ phone: 'ext. 12' })).toEqual({ phone: 'ext. 12' });
    expect(accepted('attributes', { email: 'a@b.co', phone: '123' }).commands[0]!.data).toEqual({
      fields: { phone: '123' },
    });
  });

  it('clears them with null and leaves them with an empty string', () => {
    expect(fieldsOf({ email: null, phone: null })).toEqual({ email: null, phone: null });
    expect(fieldsOf({ email: '', phone: '' })).toBeUndefined();
  });

  it('writes them from events before the event itself, unless switched off', () => {
    const sent = { external_id: 'u', email: 'A@b.co', name: 'e', time: '2020-01-01' };
    expect(accepted('events', sent).commands.map(({ data }) => data)).toEqual([
      { fields: { email: 'a@b.co' } },
      { name: 'e', time: '2020-01-01T00:00:00.000Z' },
    ]);
    expect(accepted('events', sent, rulesWith({ writeSecondaryFromEvents: false })).commands).toHaveLength(1);
  });

  it('clears none with an event or a purchase: null there is what was not sent', () => {
    const event = { external_id: 'u', name: 'e', time: '2020-01-01' };
    const purchase = { external_id: 'u', product_id: 'p', currency: 'EUR', price: 1, time: '2020-01-01' };
    const dataOf = (array: 'events' | 'purchases', sent: JsonObject) =>
      accepted(array, sent).commands.map(({ data }) => data);
    expect(dataOf('events', { ...event, email: null, phone: null })).toHaveLength(1);
    expect(dataOf('purchases', { ...purchase, email: null })).toHaveLength(1);
    expect(dataOf('events', { ...event, email: null, phone: '+15045551234' })[0]).toEqual({
      fields: { phone: '+15045551234' },
    });
  });

  it('reads numbers of the configured region, and international ones all the same', () => {
    const rules = rulesWith({ phoneRegion: 'US' });
    expect(accepted('attributes', { phone: '(504) 555-1234' }, rules).identifier.value).toBe('+15045551234');
    expect(accepted('attributes', { phone: '+442071838750' }, rules).identifier.value).toBe('+442071838750');
    expect(accepted('attributes', { phone: '4915112345678' }, rules).identifier.value).toBe('+4915112345678');
  });
});

describe('_update_existing_only (§11.4)', () => {
  const identifiers = {
    external_id: { external_id: 'u' },
    user_alias: { user_alias: alias },
    email: { email: 'a@b.co' },
    phone: { phone: '+15045551234' },
    braze_id: { braze_id: brazeId },
  };
  it.each([
    ['external_id', false],
    ['user_alias', true],
    ['email', false],
    ['phone', false],
    ['braze_id', true],
  ] as const)('of %s is %s unless sent', (kind, byDefault) => {
    const read = (flag: Json) =>
      accepted('attributes', { ...identifiers[kind], _update_existing_only: flag }).updateExistingOnly;
    expect(accepted('attributes', identifiers[kind]).updateExistingOnly).toBe(byDefault);
    expect(read(null)).toBe(byDefault);
    expect(read(true)).toBe(true);
    expect(read(false)).toBe(kind === 'braze_id');
  });

  it.each(['true', 1, 0, '', {}, []])('refuses %j', (flag) => {
    expect(parseOne('attributes', { external_id: 'u', _update_existing_only: flag })).toBe(
      "'_update_existing_only' is not valid",
    );
  });
});
