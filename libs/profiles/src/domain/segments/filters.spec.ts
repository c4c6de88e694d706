import type { Json, UserEvent } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';
import {
  attributesUpdated,
  customEventRecorded,
  profileAfter,
  purchaseRecorded,
} from '../../testing/profile-events.ts';
import { describeFilter } from './describe-filter.ts';
import { matchFilter } from './match-filter.ts';
import { FilterError, parseFilter } from './parse-filter.ts';

const now = Date.parse('2024-03-01T00:00:00.000Z');
const group: UserEvent = {
  type: 'SubscriptionGroupChanged',
  data: { subscription_group_id: 'g', subscription_state: 'subscribed' },
};
const profile = profileAfter(
  attributesUpdated({
    fields: { country: 'DE', email: 'a@b.co', dob: '1990-05-06' },
    custom: {
      tier: 'gold',
      room: 'tier 1',
      visits: 0,
      open: false,
      tags: ['a', 'b'],
      renewal: { $time: '2024-04-01T00:00:00.000Z' },
      address: { city: { name: 'Berlin', since: '2020-01-01' } },
      pets: [
        { type: 'cat', age: 3 },
        { type: 'dog', age: 12 },
      ],
    },
  }),
  customEventRecorded('visited', '2024-01-01T00:00:00.000Z'),
  customEventRecorded('visited', '2024-02-20T00:00:00.000Z'),
  purchaseRecorded('coffee', { quantity: 3, price: 2 }),
  group,
);

const matches = (filter: Json): boolean => matchFilter(parseFilter(filter), now)(profile);

describe('a filter', () => {
  it.each<[Json, boolean]>([
    [{ field: 'country', op: 'equals', value: 'DE' }, true],
    [{ field: 'country', op: 'in', value: ['AT', 'DE'] }, true],
    [{ field: 'phone', op: 'exists' }, false],
    [{ field: 'phone', op: 'not_exists' }, true],
    [{ field: 'phone', op: 'not_equals', value: 'x' }, true],
    [{ field: 'phone', op: 'equals', value: 'x' }, false],
    [{ field: 'email', op: 'contains', value: '@b.' }, true],
    [{ field: 'email', op: 'starts_with', value: 'b' }, false],
    [{ field: 'dob', op: 'before', value: '2000-01-01' }, true],
    [{ field: 'external_id', op: 'equals', value: 'u1' }, true],
    [{ field: 'random_bucket', op: 'less_than', value: 43 }, true],
    [{ field: 'created_at', op: 'after', value: { days_ago: 61 } }, true],
    [{ custom_attribute: 'tier' }, true],
    [{ custom_attribute: 'visits', op: 'exists' }, true],
    [{ custom_attribute: 'visits', op: 'equals', value: 0 }, true],
    [{ custom_attribute: 'visits', op: 'equals', value: '0' }, false],
    [{ custom_attribute: 'open', op: 'equals', value: false }, true],
    [{ custom_attribute: 'tags', op: 'contains', value: 'b' }, true],
    [{ custom_attribute: 'tags', op: 'not_contains', value: 'b' }, false],
    [{ custom_attribute: 'tags', op: 'not_contains', value: 'c' }, true],
    [{ custom_attribute: 'tier', op: 'more_than', value: 1 }, false],
    [{ custom_attribute: 'renewal', op: 'after', value: { days_ago: -30 } }, true],
    [{ custom_attribute: 'renewal', op: 'after', value: { days_ago: -32 } }, false],
    [{ custom_attribute: 'renewal', op: 'equals', value: '2024-04-01T00:00:00.000Z' }, true],
    [{ custom_attribute: 'address', path: ['city', 'name'], op: 'equals', value: 'Berlin' }, true],
    [{ custom_attribute: 'address', path: ['city', 'zip'], op: 'exists' }, false],
    [{ custom_attribute: 'pets', path: ['type'], op: 'equals', value: 'dog' }, true],
    [{ custom_attribute: 'pets', path: ['age'], op: 'at_least', value: 13 }, false],
    [{ custom_attribute: '__proto__', op: 'exists' }, false],
    [{ custom_attribute: 'room', op: 'before', value: '2030-01-01' }, false],
    [{ custom_attribute: 'room', op: 'after', value: '1970-01-01' }, false],
    [{ custom_attribute: 'address', path: ['city', 'since'], op: 'before', value: '2030-01-01' }, false],
    [{ field: 'country', op: 'before', value: '2030-01-01' }, false],
    [{ custom_event: 'visited', measure: 'first', op: 'starts_with', value: '2' }, false],
    [{ custom_event: 'visited', measure: 'first', op: 'contains', value: '2' }, false],
    [{ custom_event: 'visited', measure: 'first', op: 'equals', value: '2024-01-01T00:00:00.000Z' }, true],
    [{ custom_event: 'visited', op: 'equals', value: 2 }, true],
    [{ custom_event: 'visited' }, true],
    [{ custom_event: 'never' }, false],
    [{ custom_event: 'never', op: 'not_exists' }, true],
    [{ custom_event: 'never', op: 'at_most', value: 0 }, true],
    [{ custom_event: 'visited', measure: 'last', op: 'after', value: { days_ago: 11 } }, true],
    [{ custom_event: 'visited', measure: 'last', op: 'after', value: { days_ago: 10 } }, false],
    [{ custom_event: 'visited', measure: 'first', op: 'before', value: '2024-01-02' }, true],
    [{ custom_event: 'never', measure: 'last', op: 'before', value: { days_ago: 1 } }, false],
    [{ product: 'coffee', op: 'more_than', value: 2 }, true],
    [{ revenue: 'USD', op: 'at_least', value: 6 }, true],
    [{ revenue: 'EUR', op: 'at_most', value: 6 }, false],
    [{ subscription_group: 'g', op: 'equals', value: 'subscribed' }, true],
    [{ and: [{ field: 'country' }, { field: 'phone' }] }, false],
    [{ or: [{ field: 'country' }, { field: 'phone' }] }, true],
    [{ not: { and: [{ field: 'country' }, { field: 'phone' }] } }, true],
  ])('%j is %s', (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  it.each<[Json, string]>([
    [null, 'filter: has to be an object'],
    [{}, 'filter: has to have and, or, not, or one of field, custom_attribute'],
    [{ field: 'tier' }, 'filter.field: has to be one of external_id'],
    [{ field: 'email', custom_event: 'x' }, 'filter: has to have'],
    [{ and: [] }, 'filter.and: has to be a list of filters'],
    [{ or: [{ field: 'email' }, 1] }, 'filter.or[1]: has to be an object'],
    [{ not: { field: 'email', op: 'like' } }, 'filter.not.op: has to be one of exists'],
    [{ field: 'email', op: 'equals' }, 'filter.value: has to be a text, a number'],
    [{ field: 'email', op: 'in', value: [] }, 'filter.value: has to be a list of 1 to 500 values'],
    [{ field: 'email', op: 'more_than', value: '3' }, 'filter.value: has to be a number'],
    [{ field: 'dob', op: 'before', value: 'yesterday' }, 'filter.value: has to be a time'],
    [{ field: 'dob', op: 'before', value: { days_ago: 1e9 } }, 'filter.value: has to be a time'],
    [{ custom_event: 'x', measure: 'mean' }, 'filter.measure: has to be one of count, first, last'],
    [{ custom_attribute: 'x'.repeat(256) }, 'filter.custom_attribute: has to be a text of 1 to 255'],
    [{ custom_attribute: 'x', path: [] }, 'filter.path: has to be a list of 1 to 20 keys'],
    [
      { and: Array.from({ length: 101 }, () => ({ field: 'email' })) },
      'filter.and[100]: a filter has at most 100',
    ],
    [
      Array.from({ length: 10 }).reduce<Json>((inner) => ({ not: inner }), { field: 'email' }),
      '.not: filters go at most 10 levels deep',
    ],
  ])('%j is refused, and the reason says where', (filter, problem) => {
    expect(() => parseFilter(filter)).toThrow(FilterError);
    expect(() => parseFilter(filter)).toThrow(problem);
  });

  it('reads what it wrote as the same filter, and is said in words', () => {
    const filter = parseFilter({
      and: [
        {
          or: [
            { field: 'country', op: 'in', value: ['DE'] },
            { custom_attribute: 'a', path: ['b'] },
          ],
        },
        { not: { custom_event: 'visited', measure: 'last', op: 'before', value: { days_ago: 30 } } },
        { product: 'coffee', op: 'at_least', value: 2 },
      ],
    });
    expect(parseFilter(JSON.parse(JSON.stringify(filter)))).toEqual(filter);
    expect(describeFilter(filter)).toBe(
      '(country in ["DE"] or custom attribute a > b exists) and not (last custom event visited before 30 days ago) ' +
        'and number of purchase of coffee at least 2',
    );
  });
});
