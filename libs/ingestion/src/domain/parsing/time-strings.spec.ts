import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { canonicalTime, isStorable, parseTime, toIso } from './time-strings.ts';

const iso = (text: string): string | undefined => {
  const epochMs = parseTime(text);
  return epochMs === undefined ? undefined : isStorable(epochMs) ? toIso(epochMs) : 'not storable';
};

describe('parseTime (user-data API §8.3)', () => {
  it.each([
    ['2022-12-06T18:20:45.123Z', '2022-12-06T18:20:45.123Z'],
    ['2022-12-06T18:20:45Z', '2022-12-06T18:20:45.000Z'],
    ['2022-12-06T18:20Z', '2022-12-06T18:20:00.000Z'],
    ['2022-12-06T18:20:45.1Z', '2022-12-06T18:20:45.100Z'],
    ['2022-12-06T18:20:45,25Z', '2022-12-06T18:20:45.250Z'],
    ['2022-12-06T18:20:45.123456789Z', '2022-12-06T18:20:45.123Z'],
    ['2022-12-06T18:20:45:678Z', '2022-12-06T18:20:45.678Z'],
    ['2022-12-06T18:20:45:678+0100', '2022-12-06T17:20:45.678Z'],
    ['2022-12-06T18:20:45', '2022-12-06T18:20:45.000Z'],
    ['2022-12-06 18:20:45', '2022-12-06T18:20:45.000Z'],
    ['2022-12-06', '2022-12-06T00:00:00.000Z'],
    ['20221206T182045Z', '2022-12-06T18:20:45.000Z'],
    ['20221206T182045+0200', '2022-12-06T16:20:45.000Z'],
    ['12/06/2022', '2022-12-06T00:00:00.000Z'],
    ['12/1/2021', '2021-12-01T00:00:00.000Z'],
    ['12-1-2021', '2021-12-01T00:00:00.000Z'],
    ['1/2/2021', '2021-01-02T00:00:00.000Z'],
    ['2019-02-15 00:00:00 -0500', '2019-02-15T05:00:00.000Z'],
    ['2019-02-15 00:00:00 UTC', '2019-02-15T00:00:00.000Z'],
    ['2019-02-15T00:00:00+01:00', '2019-02-14T23:00:00.000Z'],
    ['2019-02-15T00:00:00+1:00', '2019-02-14T23:00:00.000Z'],
    ['2019-02-15T00:00:00-5:30', '2019-02-15T05:30:00.000Z'],
    ['2019-02-15T00:00:00+100', '2019-02-14T23:00:00.000Z'],
    ['2019-02-15T00:00:00-05', '2019-02-15T05:00:00.000Z'],
    ['2019-02-15T00:00:00+5', '2019-02-14T19:00:00.000Z'],
    ['Tue 12 06 18:20:45.Z 2022', '2022-12-06T18:20:45.000Z'],
    ['Tue 12 06 18:20:45.+01:00 2022', '2022-12-06T17:20:45.000Z'],
    ['Tue Dec 06 18:20:45 UTC 2022', '2022-12-06T18:20:45.000Z'],
    ['Tue Dec 6 18:20:45 2022', '2022-12-06T18:20:45.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2020-02-29', '2020-02-29T00:00:00.000Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z'],
    ['0000-01-01', '0000-01-01T00:00:00.000Z'],
    ['0042-07-01T00:00:00Z', '0042-07-01T00:00:00.000Z'],
    ['3000-12-31T23:59:59.999Z', '3000-12-31T23:59:59.999Z'],
  ])('reads %s', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it.each([
    '3001-01-01',
    '3000-12-31T23:00:00-02:00',
    '0000-01-01T00:00:00+01:00',
    '-0001-01-01',
    '-000001-01-01T00:00:00Z',
    '10000-01-01',
    '+012345-06-07T08:09:10Z',
    '+999999-12-31T23:59:59Z',
    '12/31/9999',
  ])('reads %s as a time that cannot be stored', (text) => {
    expect(iso(text)).toBe('not storable');
  });

  it.each([
    '',
    'x',
    '1',
    '2022',
    '2022-12',
    '202212',
    '20221206',
    '1670350845',
    '1670350845123',
    '3.14',
    '1.5.2022',
    '2021-02-29',
    '1900-02-29',
    '2022-04-31',
    '2022-13-01',
    '2022-00-10',
    '2022-01-00',
    '2022-1-5',
    '13/1/2021',
    '0/1/2021',
    '12/32/2021',
    '12/1/21',
    '12/1-2021',
    '12-1/2021',
    '2022-12-06t18:20:45Z',
    '2022-12-06T24:00:00Z',
    '2022-12-06T18:60:00Z',
    '2022-12-06T18:20:61Z',
    '2022-12-06T18Z',
    '2022-12-06T18:20:45+24:00',
    '2022-12-06T18:20:45+01:60',
    '2022-12-06T18:20:45 PST',
    '2022-12-06Z',
    '2022-12-06T',
    ' 2022-12-06',
    '2022-12-06 ',
    '2022-12-06\n',
    '2022-W01-1',
    '2022-123',
    '٢٠٢٢-١٢-٠٦',
    '99999999-01-01',
    'Tue 13 06 18:20:45.Z 2022',
    'Dec 6 2022',
    'tomorrow',
    'now',
    'Infinity',
    '+1 202 555 0100',
    '1-800-555-0100',
    '2022-12-06T18:20:45.Z',
    '2022-12-06T18:20:45.1234567890Z',
    'Monday the 12th',
    '2022/12/06',
  ])('takes %j for text', (text) => {
    expect(iso(text)).toBeUndefined();
  });

  it('reads what Date writes, to the millisecond', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0000-01-01'), max: new Date('3000-12-31'), noInvalidDate: true }),
        (date) => {
          expect(parseTime(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });

  it('subtracts the offset, however it is spelt', () => {
    const offset = fc.tuple(
      fc.constantFrom(1, -1),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
    );
    fc.assert(
      fc.property(offset, fc.boolean(), fc.boolean(), ([sign, hours, minutes], colon, padded) => {
        const zone = `${sign < 0 ? '-' : '+'}${padded ? String(hours).padStart(2, '0') : hours}${colon ? ':' : ''}${String(minutes).padStart(2, '0')}`;
        const utc = Date.UTC(2022, 5, 15, 12) - sign * (hours * 60 + minutes) * 60_000;
        expect(parseTime(`2022-06-15T12:00:00${zone}`)).toBe(utc);
      }),
    );
  });

  it('never throws and never yields a time that JSON cannot hold', () => {
    const nearly = fc.stringMatching(
      /^[+-]?[0-9]{0,6}[-/][0-9]{1,2}[-/][0-9]{1,4}([T ][0-9:.,]{0,12}(Z|[+-][0-9:]{0,5})?)?$/,
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), (text) => {
        const epochMs = parseTime(text);
        if (epochMs === undefined) return;
        expect(Number.isInteger(epochMs)).toBe(true);
        if (isStorable(epochMs)) expect(toIso(epochMs)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('canonicalTime', () => {
  it('reads what toIso writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (date) => {
          expect(canonicalTime(toIso(date.getTime()))).toBe(date.getTime());
        },
      ),
    );
  });

  it('knows no other form, and nothing that is not a time', () => {
    const written = '2024-02-29T23:59:59.123Z';
    expect(canonicalTime(written)).toBe(parseTime(written));
    const other = fc.tuple(fc.nat(written.length - 1), fc.constantFrom(...'0123456789-:.TZ+ /x'.split('')));
    fc.assert(
      fc.property(fc.array(other, { minLength: 1, maxLength: 4 }), (changes) => {
        const characters = written.split('');
        for (const [at, character] of changes) characters[at] = character;
        const text = characters.join('');
        const epochMs = canonicalTime(text);
        const isCanonical = parseTime(text) !== undefined && toIso(parseTime(text)!) === text;
        expect(epochMs).toBe(isCanonical ? parseTime(text) : undefined);
      }),
      { numRuns: 2_000 },
    );
    for (const text of [
      '2022-12-06T18:20:60.000Z',
      '2023-02-29T00:00:00.000Z',
      '2022-12-06T18:20:45.12Z',
      '',
    ])
      expect(canonicalTime(text)).toBeUndefined();
  });
});
