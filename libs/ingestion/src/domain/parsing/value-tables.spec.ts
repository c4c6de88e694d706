import fc from 'fast-check';
import countries from 'i18n-iso-countries/index.js';
import { describe, expect, it } from 'vitest';

import { countryCode } from './countries.ts';
import { currencyCode } from './currencies.ts';
import { parseEmail } from './email-addresses.ts';
import { languageCode } from './languages.ts';
import { parsePhone } from './phone-numbers.ts';
import { RAILS_TIME_ZONES } from './rails-time-zones.ts';
import { timeZoneName } from './time-zones.ts';

describe('countryCode', () => {
  it.each([
    ['AU', 'AU'],
    ['au', 'AU'],
    ['AUS', 'AU'],
    ['Australia', 'AU'],
    ['australia ', 'AU'],
    ['USA', 'US'],
    ['usa', 'US'],
    ['U.S.A.', 'US'],
    ['United States', 'US'],
    ['United States of America', 'US'],
    ['UK', 'GB'],
    ['United Kingdom', 'GB'],
    ['Great Britain', 'GB'],
    ['England', 'GB'],
    ["Côte d'Ivoire", 'CI'],
    ['Cote dIvoire', 'CI'],
    ['Ivory Coast', 'CI'],
    ['South Korea', 'KR'],
    ['Russia', 'RU'],
    ['Vietnam', 'VN'],
    ['Türkiye', 'TR'],
    ['Turkey', 'TR'],
    ['Czechia', 'CZ'],
    ['DE', 'DE'],
    ['Guinea-Bissau', 'GW'],
    ['The Netherlands', 'NL'],
    ['Kosovo', 'XK'],
    ['Ireland', 'IE'],
    ['Niger', 'NE'],
    ['Viet Nam', 'VN'],
    ['Iran, Islamic Republic of', 'IR'],
    ['Iran (Islamic Republic of)', 'IR'],
    ['Korea (the Republic of)', 'KR'],
    ["Korea, Democratic People's Republic of", 'KP'],
    ['Lao People’s Democratic Republic (the)', 'LA'],
    ['Congo, The Democratic Republic of the', 'CD'],
    ['Congo (the)', 'CG'],
    ['Tanzania,United Republic of', 'TZ'],
    ['Palestine, State of', 'PS'],
    ['Bahamas, The', 'BS'],
    ['Trinidad & Tobago', 'TT'],
    ['St. Kitts & Nevis', 'KN'],
    ['Virgin Islands, British', 'VG'],
    ['US Virgin Islands', 'VI'],
    ['Hong Kong SAR China', 'HK'],
    ['Dominica', 'DM'],
    ['Dominican Republic', 'DO'],
    ['st', 'ST'],
  ])('maps %s to %s', (text, code) => {
    expect(countryCode(text!)).toBe(code);
  });
  it.each([
    'Narnia',
    'the',
    'Republic of',
    'Virgin Islands',
    '',
    ' ',
    'XX',
    'ZZZ',
    'A',
    '1',
    'constructor',
    '__proto__',
    'toString',
    'x'.repeat(10_000),
  ])('does not know %j', (text) => {
    expect(countryCode(text)).toBeNull();
  });
});

it.each(['long', 'short'] as const)('countryCode knows every country by its %s English name', (style) => {
  const names = new Intl.DisplayNames('en', { type: 'region', style });
  const codes = Object.keys(countries.getAlpha2Codes());
  expect(codes.map((code) => countryCode(names.of(code)!))).toEqual(codes);
});

it('countryCode knows every code of two and of three letters, in small letters as well', () => {
  for (const [alpha3, alpha2] of Object.entries(countries.getAlpha3Codes()))
    for (const code of [alpha3, alpha2, alpha3.toLowerCase(), alpha2.toLowerCase()])
      expect([code, countryCode(code)]).toEqual([code, alpha2]);
});

describe('languageCode', () => {
  it('takes ISO 639-1 in any case', () => {
    expect(['en', 'DE', 'zh'].map(languageCode)).toEqual(['en', 'de', 'zh']);
  });
  it.each(['', 'e', 'xx', 'eng', 'en-US', 'english', 'constructor'])('does not know %j', (text) => {
    expect(languageCode(text)).toBeUndefined();
  });
});

describe('currencyCode', () => {
  it.each([
    ['USD', 'USD'],
    ['usd', 'USD'],
    ['Eur', 'EUR'],
    ['JPY', 'JPY'],
    ['clf', 'CLF'],
    ['XAU', 'XAU'],
    ['XCG', 'XCG'],
  ])('maps %s to %s', (text, code) => {
    expect(currencyCode(text!)).toBe(code);
  });
  it.each(['', 'ZZZ', 'US', 'USDD', '$', 'euro', 'us\u0131', '\u0131sk', 'u\u017fd'])(
    'does not know %j',
    (text) => {
      expect(currencyCode(text)).toBeUndefined();
    },
  );
});

describe('timeZoneName', () => {
  it.each([
    ['America/New_York', 'America/New_York'],
    ['Eastern Time (US & Canada)', 'America/New_York'],
    ['america/new_york', 'America/New_York'],
    ['US/Eastern', 'US/Eastern'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Berlin', 'Europe/Berlin'],
    ['UTC', 'Etc/UTC'],
    ['Etc/GMT+12', 'Etc/GMT+12'],
  ])('maps %s to %s', (text, zone) => {
    expect(timeZoneName(text)).toBe(zone);
  });
  it.each(['', '+01:00', '-05', 'Mars/Olympus', 'New York', 'America/', 'constructor', 'x'.repeat(100_000)])(
    'does not know %j',
    (text) => {
      expect(timeZoneName(text)).toBeUndefined();
    },
  );
  it('maps every Rails name to a zone that exists', () => {
    expect(Object.keys(RAILS_TIME_ZONES)).toHaveLength(152);
    for (const zone of Object.values(RAILS_TIME_ZONES))
      expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
  });
});

describe('parseEmail', () => {
  it.each([
    ['a@b.co', 'a@b.co'],
    ['Jon.Doe+tag@Mail.Example.COM', 'jon.doe+tag@mail.example.com'],
    ["o'neil@example.org", "o'neil@example.org"],
    ['a_b-c@ex-ample.travel', 'a_b-c@ex-ample.travel'],
    ['用户@例子.广告', '用户@例子.广告'],
    ['jürgen@müller.de', 'jürgen@müller.de'],
    ['x@1and1.com', 'x@1and1.com'],
    ['x@example.xn--p1ai', 'x@example.xn--p1ai'],
    [`${'l'.repeat(64)}@example.com`, `${'l'.repeat(64)}@example.com`],
  ])('takes %s', (text, email) => {
    expect(parseEmail(text)).toBe(email);
  });
  it.each([
    '',
    'a',
    'a@',
    '@b.co',
    'a@b',
    'a@b.c',
    'a b@c.co',
    'a@b c.co',
    ' a@b.co',
    'a@b.co ',
    'a@b.co\n',
    'a@@b.co',
    'a@b@c.co',
    '.a@b.co',
    'a.@b.co',
    'a..b@c.co',
    'a@.co',
    'a@b..co',
    'a@-b.co',
    'a@b-.co',
    'a@b.co.',
    'a@b.123',
    '"a b"@c.co',
    'a@[127.0.0.1]',
    'Jon <a@b.co>',
    'mailto:a@b.co',
    'a,b@c.co',
    'a;b@c.co',
    'a@b_c.co',
    'a​@b.co',
    `${'l'.repeat(65)}@example.com`,
    `a@${'h'.repeat(64)}.com`,
    `a@${'h.'.repeat(130)}com`,
    'a'.repeat(1e6),
  ])('refuses %j', (text) => {
    expect(parseEmail(text)).toBeUndefined();
  });
  it('takes its own result again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string()), (text) => {
        const email = parseEmail(text);
        if (email !== undefined) expect(parseEmail(email)).toBe(email);
      }),
    );
  });
});

describe('parsePhone (§11.5)', () => {
  it.each([
    ['+15045551234', '+15045551234'],
    ['15045551234', '+15045551234'],
    ['+1 (504) 555-1234', '+15045551234'],
    ['+1.504.555.1234', '+15045551234'],
    ['0015045551234', '+15045551234'],
    ['11112223333', '+11112223333'],
    ['+442071838750', '+442071838750'],
    ['442071838750', '+442071838750'],
    ['+49 1511 2345678', '+4915112345678'],
  ])('reads %s', (text, phone) => {
    expect(parsePhone(text, null)).toBe(phone);
  });
  it.each([
    '',
    '+',
    '0',
    '123',
    '+1',
    '+0123456789',
    '++15045551234',
    '+1504555123x',
    'phone',
    '5551234',
    '+999123456789',
    '+15045551234 ext. 5',
    '+150455512345678901234567',
    '١٥٠٤٥٥٥١٢٣٤',
    '1'.repeat(1e4),
    'tel:+15045551234',
  ])('refuses %j', (text) => {
    expect(parsePhone(text, null)).toBeUndefined();
  });
  it('takes its own result again, with and without a region', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\+?[0-9 ()-]{0,18}$/),
        fc.constantFrom(null, 'US' as const, 'DE' as const),
        (text, region) => {
          const phone = parsePhone(text, region);
          if (phone === undefined) return;
          expect(phone).toMatch(/^\+[1-9]\d+$/);
          expect(parsePhone(phone, null)).toBe(phone);
        },
      ),
    );
  });
});
