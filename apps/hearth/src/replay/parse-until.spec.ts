import { describe, expect, it } from 'vitest';

import { Failure } from '../failure.ts';
import { isWithin, parseUntil } from './parse-until.ts';

const at = (received_at: string, revision = 0) => ({ revision, metadata: { received_at } });

describe('the end of a replay', () => {
  it.each([
    ['12', { revision: 12 }],
    ['0', { revision: 0 }],
    ['2026-11-22', { time: '2026-11-22T00:00:00.000Z' }],
    ['2026-11-22T04:44', { time: '2026-11-22T04:44:00.000Z' }],
    ['2026-11-22 04:44:05', { time: '2026-11-22T04:44:05.000Z' }],
    ['2026-11-22T04:44:05.123Z', { time: '2026-11-22T04:44:05.123Z' }],
    ['2026-11-22T04:44:05+01:00', { time: '2026-11-22T03:44:05.000Z' }],
  ])('is read from %s', (text, until) => expect(parseUntil(text)).toEqual(until));

  it.each(['', '-1', '1.5', 'yesterday', '2026-13-01', '22.11.2026', '2026-11-22T25:00'])(
    'is not read from %j',
    (text) => expect(() => parseUntil(text)).toThrow(Failure),
  );

  it('takes in the event at it', () => {
    expect(isWithin({ revision: 3 }, at('2026-11-22T04:44:05.123Z', 3))).toBe(true);
    expect(isWithin({ revision: 3 }, at('2026-11-22T04:44:05.123Z', 4))).toBe(false);
    const until = parseUntil('2026-11-22T04:44:05.123Z');
    expect(isWithin(until, at('2026-11-22T04:44:05.123Z'))).toBe(true);
    expect(isWithin(until, at('2026-11-22T04:44:05.124Z'))).toBe(false);
    expect(isWithin(undefined, at('2026-11-22T04:44:05.124Z'))).toBe(true);
  });
});
