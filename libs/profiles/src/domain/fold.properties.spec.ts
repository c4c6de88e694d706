import type { Json, JsonObject, UserEvent } from '@hearth/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brazeId, inStream, userCreated } from '../testing/profile-events.ts';
import { isScalarList } from './attributes/scalar-list.ts';
import { changesBetween } from './changes.ts';
import { evolve, fold, type ProfileEvent } from './evolve.ts';
import { canonicalJson } from './json-values.ts';
import { unknownProfile } from './profile.ts';

const WIDEST_LIST = 40;
const name = fc.constantFrom('a', 'b', '1', '__proto__', 'constructor', 'hasOwnProperty', '$x', 'with space');
const time = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 3 }),
  fc.boolean(),
  time.map((iso): JsonObject => ({ $time: iso })),
);
const scalars = fc.array(scalar, { maxLength: 40 });
/** What JSON can carry, as it comes out of a parser: own keys only. */
const anyJson = fc.json({ maxDepth: 4 }).map((text) => JSON.parse(text) as Json);
const identifying = { $identifier_key: name, $identifier_value: scalar };
const operation: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  scalar,
  scalars,
  anyJson,
  fc.record({ inc: fc.oneof(fc.integer(), fc.double()) }),
  fc.record({ add: scalars, remove: scalars }, { requiredKeys: [] }),
  fc.record(
    {
      $add: fc.array(fc.oneof(anyJson, fc.dictionary(name, scalar)), { maxLength: 5 }),
      $update: fc.array(fc.record({ ...identifying, $new_object: fc.dictionary(name, scalar) }), {
        maxLength: 3,
      }),
      $remove: fc.array(fc.record(identifying), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
) as fc.Arbitrary<Json>;

const pushToken = fc.record({ app_id: name, token: name, device_id: name });
const identifier = fc.oneof(
  fc.record({ kind: fc.constantFrom('external_id', 'email', 'phone'), value: name }),
  fc.record({ kind: fc.constant('user_alias'), value: fc.record({ alias_name: name, alias_label: name }) }),
);
const event = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('AttributesUpdated'),
      data: fc.record(
        {
          custom: fc.dictionary(name, operation, { maxKeys: 4 }),
          fields: fc.record(
            {
              email: fc.option(name),
              country: fc.option(name),
              email_subscribe: fc.option(fc.constantFrom('opted_in', 'subscribed', 'unsubscribed')),
              twitter: fc.option(fc.record({ id: fc.integer() })),
            },
            { requiredKeys: [] },
          ),
          merge_objects: fc.constant(true),
          list_limits: fc.dictionary(name, fc.integer({ min: 1, max: WIDEST_LIST }), { maxKeys: 2 }),
          push_tokens: fc.option(fc.array(pushToken, { maxLength: 3 })),
          lost_push_tokens: fc.array(pushToken, { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('CustomEventRecorded'), data: fc.record({ name, time }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('PurchaseRecorded'),
      data: fc.record({
        product_id: name,
        currency: fc.constantFrom('USD', 'EUR'),
        price: fc.integer({ min: -1_000, max: 1_000 }),
        quantity: fc.integer({ min: 1, max: 100 }),
        time,
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('IdentifierAdded', 'IdentifierRemoved'),
      data: fc.record({ identifier }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('SubscriptionGroupChanged'),
      data: fc.record({
        subscription_group_id: name,
        subscription_state: fc.constantFrom('subscribed', 'unsubscribed'),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.string(), data: anyJson }) },
) as fc.Arbitrary<UserEvent>;
const ending = fc.constantFrom<UserEvent>(
  { type: 'UserDeleted', data: {} },
  { type: 'MergedInto', data: { braze_id: brazeId } },
  userCreated,
);
const stream = fc
  .tuple(fc.array(event, { maxLength: 25 }), fc.option(ending), fc.array(event, { maxLength: 3 }))
  .map(([life, end, after]) => inStream([userCreated, ...life, ...(end ? [end] : []), ...after]))
  .map((events) => JSON.parse(JSON.stringify(events)) as ProfileEvent[]);

const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Object.getOwnPropertyNames(value)) frozen((value as Record<string, unknown>)[key]);
  }
  return value;
};
const canonical = (profile: unknown): string => canonicalJson(JSON.parse(JSON.stringify(profile)) as Json);

describe('a fold', () => {
  it('is total and deterministic', () =>
    fc.assert(
      fc.property(stream, (events) => {
        expect(canonical(fold(events))).toBe(canonical(fold(events)));
      }),
    ));

  it('never changes what it was given', () =>
    fc.assert(
      fc.property(stream, (events) => {
        let profile = frozen(fold([]));
        for (const next of frozen(events)) profile = frozen(evolve(profile, next));
      }),
    ));

  it('goes on the same from a profile that was written down and read back', () =>
    fc.assert(
      fc.property(stream, fc.nat(), (events, at) => {
        const cut = at % (events.length + 1);
        const written = JSON.stringify(fold(events.slice(0, cut)));
        expect(canonical(fold(events.slice(cut), JSON.parse(written)))).toBe(canonical(fold(events)));
      }),
    ));

  it('keeps lists of scalars as sets within their limit', () =>
    fc.assert(
      fc.property(stream, (events) => {
        const profile = fold(events);
        if (profile.status !== 'active') return;
        for (const value of Object.values(profile.custom_attributes)) {
          if (!isScalarList(value)) continue;
          expect(value.length).toBeLessThanOrEqual(WIDEST_LIST);
          expect(new Set(value.map((item) => JSON.stringify(item))).size).toBe(value.length);
        }
      }),
    ));

  it('never pollutes a prototype', () =>
    fc.assert(
      fc.property(stream, (events) => {
        fold(events);
        expect(Object.keys(Object.prototype)).toEqual([]);
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
      }),
    ));

  it('adds up to what counting by hand gives', () =>
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const profile = fold(inStream([userCreated, ...events]));
        if (profile.status !== 'active') throw new Error('nothing ended this profile');
        const purchases = events.filter((each) => each.type === 'PurchaseRecorded').map(({ data }) => data);
        const customs = events.filter((each) => each.type === 'CustomEventRecorded').map(({ data }) => data);
        const times = <Item extends { time: string }>(items: readonly Item[]) =>
          items.map(({ time }) => time).sort();

        for (const [key, totals] of Object.entries(profile.custom_events)) {
          const mine = customs.filter((data) => data.name === key);
          expect(totals).toEqual({ first: times(mine)[0], last: times(mine).at(-1), count: mine.length });
        }
        for (const [key, totals] of Object.entries(profile.purchases)) {
          const mine = purchases.filter((data) => data.product_id === key);
          expect(totals.count).toBe(mine.reduce((sum, { quantity }) => sum + quantity, 0));
          expect([totals.first, totals.last]).toEqual([times(mine)[0], times(mine).at(-1)]);
        }
        expect(Object.keys(profile.custom_events).length).toBe(
          new Set(customs.map((data) => data.name)).size,
        );
        const revenue = (currency: string) =>
          purchases
            .filter((data) => data.currency === currency)
            .reduce((sum, { price, quantity }) => sum + price * quantity, 0);
        for (const [currency, total] of Object.entries(profile.revenue))
          expect(total).toBe(revenue(currency));
      }),
    ));

  it('describes no change between equal profiles', () =>
    fc.assert(
      fc.property(stream, (events) => {
        const [one, other] = [fold(events), JSON.parse(JSON.stringify(fold(events)))];
        expect(changesBetween(one, other)).toEqual([]);
        if (one.status === 'active') expect(changesBetween(unknownProfile, one)[0]?.kind).toBe('status');
      }),
    ));
});
