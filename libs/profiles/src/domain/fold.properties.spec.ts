import type { Json, UserEvent } from '@hearth/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brazeId, inStream, userCreated } from '../testing/profile-events.ts';
import { event, WIDEST_LIST } from '../testing/random-events.ts';
import { isScalarList } from './attributes/scalar-list.ts';
import { changesBetween } from './changes.ts';
import { evolve, fold, type ProfileEvent } from './evolve.ts';
import { canonicalJson } from './json-values.ts';
import { unknownProfile } from './profile.ts';

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
