import type { Json, JsonObject } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { accepted, NOW, NOW_ISO, parseOne, rulesWith } from '../../testing/parse-one.ts';
import type { TrackRules } from './track-rules.ts';

const event = { external_id: 'u', name: 'rented_movie', time: '2022-12-06T18:20:45Z' };
const dataOf = (changes: JsonObject, rules?: TrackRules) =>
  accepted('events', { ...event, ...changes }, rules).commands.at(-1)?.data;
const without = (field: string): JsonObject =>
  Object.fromEntries(Object.entries(event).filter(([name]) => name !== field));

const BAD_TIMES: readonly Json[] = [
  '',
  'soon',
  '2022-02-30',
  '-0001-01-01',
  1670350845,
  true,
  {},
  [],
  { $time: '2022-01-01' },
];

describe('event objects (user-data API §9)', () => {
  it('become a command', () => {
    expect(accepted('events', { ...event, app_id: 'app', properties: { a: 1 }, anything: 'else' })).toEqual({
      inputArray: 'events',
      index: 0,
      identifier: { kind: 'external_id', value: 'u' },
      echo: { external_id: 'u' },
      updateExistingOnly: false,
      commands: [
        {
          type: 'RecordCustomEvent',
          data: {
            name: 'rented_movie',
            time: '2022-12-06T18:20:45.000Z',
            app_id: 'app',
            properties: { a: 1 },
          },
        },
      ],
      select: { custom_events: ['rented_movie'] },
    });
  });

  it.each<[JsonObject, string]>([
    [without('name'), "'name' is required"],
    [{ ...event, name: null }, "'name' is required"],
    [{ ...event, name: '' }, "'name' is not valid"],
    [{ ...event, name: 5 }, "'name' is not valid"],
    [{ ...event, name: ['x'] }, "'name' is not valid"],
    [{ ...event, name: 'x'.repeat(256) }, "'name' is not valid"],
    [without('time'), "'time' is required"],
    [{ ...event, time: null }, "'time' is required"],
    ...BAD_TIMES.map((time): [JsonObject, string] => [{ ...event, time }, "'time' is not valid"]),
  ])('%j: %s', (sent, text) => {
    expect(parseOne('events', sent)).toBe(text);
  });

  it('happen now where their time lies ahead', () => {
    for (const time of ['2099-01-01', '3001-01-01', '+999999-12-31', new Date(NOW + 1).toISOString()])
      expect(dataOf({ time })).toMatchObject({ time: NOW_ISO });
    expect(dataOf({ time: new Date(NOW).toISOString() })).toMatchObject({ time: NOW_ISO });
    expect(dataOf({ time: new Date(NOW - 1).toISOString() })).toMatchObject({
      time: '2026-01-15T11:59:59.999Z',
    });
    expect(dataOf({ time: '0000-01-01' })).toMatchObject({ time: '0000-01-01T00:00:00.000Z' });
  });

  it('ignore an app that is not known, or is none', () => {
    for (const app_id of [null, '', 5, {}, 'x'.repeat(256)])
      expect(dataOf({ app_id })).not.toHaveProperty('app_id');
    const rules = rulesWith({ appIds: new Set(['app']) });
    expect(dataOf({ app_id: 'other' }, rules)).not.toHaveProperty('app_id');
    expect(dataOf({ app_id: 'app' }, rules)).toHaveProperty('app_id', 'app');
  });

  it('ask for nothing where blocklisted, and are valid all the same', () => {
    const rules = rulesWith({ blocklistedEvents: new Set(['rented_movie']) });
    expect(accepted('events', { ...event, email: 'a@b.co' }, rules)).toMatchObject({
      commands: [],
      select: { custom_events: ['rented_movie'] },
    });
    expect(parseOne('events', { ...event, time: 'soon' }, rules)).toBe("'time' is not valid");
  });
});
