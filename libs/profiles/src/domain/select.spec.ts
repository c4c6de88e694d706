import { describe, expect, it } from 'vitest';
import {
  attributesUpdated,
  customEventRecorded,
  profileAfter,
  purchaseRecorded,
} from '../testing/profile-events.ts';
import { unknownProfile } from './profile.ts';
import { selectFrom } from './select.ts';

const time = '2024-01-01T00:00:00.000Z';
const profile = profileAfter(
  attributesUpdated({
    custom: {
      tier: 'gold',
      since: { $time: time },
      tags: ['a', { $time: time }],
      deep: { list: [{ at: { $time: time } }] },
    },
  }),
  attributesUpdated({ custom: JSON.parse('{"__proto__": 1}') as {} }),
  customEventRecorded('rented', time),
  purchaseRecorded('p', { quantity: 3 }),
);

describe('a selected profile', () => {
  it('shows times as text, wherever they stand', () =>
    expect(selectFrom(profile, { custom_attributes: ['since', 'tags', 'deep'] })).toEqual({
      custom_attributes: { since: time, tags: ['a', time], deep: { list: [{ at: time }] } },
    }));
  it('lists what was named and is there, and no other kind', () => {
    expect(selectFrom(profile, { custom_attributes: ['tier', 'gone', 'toString'] })).toEqual({
      custom_attributes: { tier: 'gold' },
    });
    expect(selectFrom(profile, {})).toEqual({});
    expect(selectFrom(profile, { custom_events: ['gone'] })).toEqual({ custom_events: [] });
  });
  it('takes any name for data', () =>
    expect(JSON.stringify(selectFrom(profile, { custom_attributes: ['__proto__'] }))).toBe(
      '{"custom_attributes":{"__proto__":1}}',
    ));
  it('gives totals under the keys of the public API', () =>
    expect(selectFrom(profile, { custom_events: ['rented'], purchase_events: ['p'] })).toEqual({
      custom_events: [{ name: 'rented', first: time, last: time, count: 1 }],
      purchase_events: [{ product_id: 'p', first: time, last: time, count: 3 }],
    }));
  it('is null where there is no user', () => {
    expect(selectFrom(unknownProfile, {})).toBeNull();
    expect(selectFrom({ status: 'deleted', deleted_at: time }, {})).toBeNull();
    expect(selectFrom({ status: 'merged', merged_into: 'x', merged_at: time }, {})).toBeNull();
  });
});
