import type { Json, ProfileFields } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { accepted, fieldsOf } from '../../testing/parse-one.ts';

const ISO = '2022-01-02T03:04:05.000Z';
const LOCATION = "'current_location' must be an object with the numbers 'longitude' and 'latitude'";
const WRONG_TYPES: readonly Json[] = [true, 0, 1.5, [], ['x'], {}, { x: 1 }];

describe('profile fields (user-data API §7.1)', () => {
  it.each<[keyof ProfileFields, Json, Json]>([
    ['first_name', 'Jon', 'Jon'],
    ['first_name', '', ''],
    ['last_name', ' Doe ', ' Doe '],
    ['home_city', 'é'.repeat(255), 'é'.repeat(255)],
    ['home_city', '😀'.repeat(255), '😀'.repeat(255)],
    ['image_url', `https://x.co/${'i'.repeat(300)}`, `https://x.co/${'i'.repeat(300)}`],
    ['country', 'United States', 'US'],
    ['country', 'Narnia', null],
    ['country', '', null],
    ['country', 5, null],
    ['country', {}, null],
    ['language', 'EN', 'en'],
    ['time_zone', 'Eastern Time (US & Canada)', 'America/New_York'],
    ['dob', '1980-12-21', '1980-12-21'],
    ['dob', '2000-02-29', '2000-02-29'],
    ...(['M', 'F', 'O', 'N', 'P'] as const).map((gender): [keyof ProfileFields, Json, Json] => [
      'gender',
      gender,
      gender,
    ]),
    [
      'current_location',
      { longitude: -73.99, latitude: 40.7, altitude: 3 },
      { longitude: -73.99, latitude: 40.7 },
    ],
    ['current_location', { longitude: 180, latitude: -90 }, { longitude: 180, latitude: -90 }],
    ['date_of_first_session', '2022-01-02T03:04:05Z', ISO],
    ['date_of_last_session', '2022-01-02 03:04:05', ISO],
    ['marked_email_as_spam_at', '2022-01-02T04:04:05+1:00', ISO],
    ['date_of_last_session', '2999-01-01', '2999-01-01T00:00:00.000Z'],
    ['email_subscribe', 'opted_in', 'opted_in'],
    ['push_subscribe', 'unsubscribed', 'unsubscribed'],
    ['email_open_tracking_disabled', true, true],
    ['email_click_tracking_disabled', false, false],
  ])('stores %s %j as %j', (field, sent, stored) => {
    expect(fieldsOf({ [field]: sent })).toEqual({ [field]: stored });
  });

  it.each<[keyof ProfileFields, readonly Json[]]>([
    ['first_name', ['x'.repeat(256)]],
    ['last_name', ['é'.repeat(256)]],
    ['home_city', ['x'.repeat(100_000)]],
    ['image_url', ['x'.repeat(2049)]],
    ['language', ['xx', 'en-US', '', ...WRONG_TYPES]],
    ['time_zone', ['Mars/Olympus', '+01:00', '', ...WRONG_TYPES]],
    [
      'dob',
      [
        '21.12.1980',
        '1980-13-01',
        '1981-02-29',
        '1980-1-1',
        '3001-01-01',
        '1980-12-21T00:00:00Z',
        '',
        ...WRONG_TYPES,
      ],
    ],
    ['gender', ['male', 'm', 'X', '', ...WRONG_TYPES]],
  ])('ignores a bad %s without an error', (field, values) => {
    for (const sent of values)
      expect(
        fieldsOf({
          [field]: sent,
          last_name: 'kept',
          ...(field === 'last_name' && { last_name: sent, first_name: 'kept' }),
        }),
      ).toEqual({ [field === 'last_name' ? 'first_name' : 'last_name']: 'kept' });
  });

  const noTime: readonly Json[] = ['soon', '', '2022-13-01', '-0001-01-01', '3001-01-01', ...WRONG_TYPES];
  it.each<[keyof ProfileFields, readonly Json[], string]>([
    ['first_name', WRONG_TYPES, "'first_name' is not valid"],
    ['last_name', WRONG_TYPES, "'last_name' is not valid"],
    ['home_city', WRONG_TYPES, "'home_city' is not valid"],
    ['image_url', WRONG_TYPES, "'image_url' is not valid"],
    ['date_of_first_session', noTime, "'date_of_first_session' is not valid"],
    ['date_of_last_session', noTime, "'date_of_last_session' is not valid"],
    ['marked_email_as_spam_at', noTime, "'marked_email_as_spam_at' is not valid"],
    [
      'email_subscribe',
      ['yes', '', 'Subscribed', ...WRONG_TYPES],
      "'email_subscribe' must be 'subscribed', 'unsubscribed' or 'opted_in'",
    ],
    [
      'push_subscribe',
      ['yes', '', ...WRONG_TYPES],
      "'push_subscribe' must be 'subscribed', 'unsubscribed' or 'opted_in'",
    ],
    ['email_open_tracking_disabled', ['true', 1, 0, [], {}], "'email_open_tracking_disabled' is not valid"],
    [
      'email_click_tracking_disabled',
      ['false', 1, 0, [], {}],
      "'email_click_tracking_disabled' is not valid",
    ],
    [
      'current_location',
      [
        ...WRONG_TYPES,
        'Berlin',
        { longitude: 1 },
        { latitude: 1 },
        { longitude: '1', latitude: '2' },
        { longitude: 181, latitude: 0 },
        { longitude: 0, latitude: -91 },
        { longitude: null, latitude: 0 },
        [1, 2],
      ],
      LOCATION,
    ],
  ])('refuses the object for a bad %s', (field, values, text) => {
    for (const sent of values) expect(fieldsOf({ [field]: sent })).toBe(text);
  });

  it('clears each field with null', () => {
    const fields = Object.fromEntries(
      [
        'email',
        'phone',
        'first_name',
        'last_name',
        'home_city',
        'country',
        'language',
        'time_zone',
        'dob',
        'gender',
        'image_url',
        'current_location',
        'date_of_first_session',
        'date_of_last_session',
        'email_subscribe',
        'push_subscribe',
        'email_open_tracking_disabled',
        'email_click_tracking_disabled',
        'marked_email_as_spam_at',
      ].map((field) => [field, null]),
    );
    expect(fieldsOf(fields)).toEqual(fields);
  });

  it('takes names with other capitals for custom attributes', () => {
    const { commands, select } = accepted('attributes', {
      external_id: 'u',
      First_Name: 'Jon',
      Email: 'x',
      COUNTRY: 'USA',
    });
    expect(commands[0]!.data).toEqual({ custom: { First_Name: 'Jon', Email: 'x', COUNTRY: 'USA' } });
    expect(select).toEqual({ custom_attributes: ['First_Name', 'Email', 'COUNTRY'] });
  });
});

describe('names that are neither fields nor custom attributes (§7, §7.1)', () => {
  it('drops control keys, alias parts and bio', () => {
    const sent = {
      external_id: 'u',
      bio: 'x',
      alias_name: 'n',
      alias_label: 'l',
      push_token_import: false,
      _merge_objects: false,
    };
    expect(accepted('attributes', sent)).toMatchObject({ commands: [{ data: {} }], select: {} });
    expect(accepted('attributes', sent).commands[0]!.data).toEqual({});
  });

  it('refuses email_subscription_info', () => {
    expect(fieldsOf({ email_subscription_info: {} })).toBe("'email_subscription_info' is not valid");
  });

  it('carries _merge_objects only where it is true', () => {
    const dataOf = (flag: Json) =>
      accepted('attributes', { external_id: 'u', _merge_objects: flag }).commands[0]!.data;
    expect(dataOf(true)).toEqual({ merge_objects: true });
    expect(dataOf(false)).toEqual({});
    expect(dataOf(null)).toEqual({});
    for (const flag of ['true', 1, {}])
      expect(fieldsOf({ _merge_objects: flag })).toBe("'_merge_objects' is not valid");
  });

  it('takes the documented parts of social accounts, and null for the whole', () => {
    const facebook = { id: 'f', likes: ['a'], num_friends: 3 };
    const twitter = { id: 1, screen_name: 's', followers_count: 1, friends_count: 2, statuses_count: 3 };
    expect(fieldsOf({ facebook: { ...facebook, other: 1 }, twitter })).toEqual({ facebook, twitter });
    expect(fieldsOf({ facebook: { likes: null }, twitter: null })).toEqual({ facebook: {}, twitter: null });
  });
});
