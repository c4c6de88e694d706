import type { JsonObject, UserEvent } from '@hearth/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attributesUpdated,
  customEventRecorded,
  inStream,
  profileAfter,
  purchaseRecorded,
  userCreated,
} from '../testing/profile-events.ts';
import { fold } from './evolve.ts';
import { mergedWith } from './merging.ts';
import type { ActiveProfile } from './profile.ts';

const asContribution = (profile: ActiveProfile): JsonObject => profile as unknown as JsonObject;
const merge = (kept: ActiveProfile, other: ActiveProfile): ActiveProfile =>
  mergedWith(kept, asContribution(other)).profile;
const alias = (label: string, name: string): UserEvent => ({
  type: 'IdentifierAdded',
  data: { identifier: { kind: 'user_alias', value: { alias_label: label, alias_name: name } } },
});

const name = fc.constantFrom('a', 'b', '__proto__', 'constructor');
const time = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const event: fc.Arbitrary<UserEvent> = fc.oneof(
  fc.tuple(name, time).map(([what, at]) => customEventRecorded(what, at)),
  fc
    .record({ price: fc.integer({ min: -9, max: 99 }), quantity: fc.integer({ min: 1, max: 9 }), time })
    .chain((purchase) => name.map((what) => purchaseRecorded(what, purchase))),
  fc.dictionary(name, fc.integer(), { maxKeys: 3 }).map((custom) => attributesUpdated({ custom })),
  fc
    .record({ email: name, first_name: name, country: name }, { requiredKeys: [] })
    .map((fields) => attributesUpdated({ fields })),
);
const profile = fc.array(event, { maxLength: 12 }).map((events) => profileAfter(...events));

describe('two profiles merged into one', () => {
  it('sum what they count, from the earlier first to the later last', () =>
    fc.assert(
      fc.property(profile, profile, (kept, other) => {
        const merged = merge(kept, other);
        for (const totals of ['custom_events', 'purchases'] as const)
          for (const key of new Set([...Object.keys(kept[totals]), ...Object.keys(other[totals])])) {
            const parts = [kept[totals], other[totals]].flatMap((of) =>
              Object.hasOwn(of, key) ? [of[key]!] : [],
            );
            expect(Object.getOwnPropertyDescriptor(merged[totals], key)?.value).toEqual({
              count: parts.reduce((sum, { count }) => sum + count, 0),
              first: parts.map(({ first }) => first).toSorted()[0],
              last: parts
                .map(({ last }) => last)
                .toSorted()
                .at(-1),
            });
          }
        expect(merged.revenue['USD'] ?? 0).toBe((kept.revenue['USD'] ?? 0) + (other.revenue['USD'] ?? 0));
      }),
    ));

  it('keep every value of the survivor, and gain what it lacks', () =>
    fc.assert(
      fc.property(profile, profile, (kept, other) => {
        const merged = merge(kept, other);
        for (const part of ['custom_attributes', 'fields'] as const)
          expect(new Map(Object.entries(merged[part]))).toEqual(
            new Map([...Object.entries(other[part]), ...Object.entries(kept[part])]),
          );
        expect(merged.external_ids).toEqual(kept.external_ids);
      }),
    ));

  it('leave both as they were', () =>
    fc.assert(
      fc.property(profile, profile, (kept, other) => {
        const before = JSON.stringify([kept, other]);
        merge(kept, other);
        expect(JSON.stringify([kept, other])).toBe(before);
      }),
    ));

  it('keep the name of the survivor where both have one under a label', () =>
    expect(
      merge(profileAfter(alias('crm', '1')), profileAfter(alias('crm', '2'), alias('shop', '3')))
        .user_aliases,
    ).toEqual([
      { alias_label: 'crm', alias_name: '1' },
      { alias_label: 'shop', alias_name: '3' },
    ]));

  it('have the devices of both; on one device the survivor’s token stays', () => {
    const token = (name: string, device_id: string) => ({ app_id: 'app', token: name, device_id });
    const withTokens = (...push_tokens: ReturnType<typeof token>[]) =>
      profileAfter(attributesUpdated({ push_tokens }));
    expect(
      merge(withTokens(token('a', 'd1')), withTokens(token('b', 'd1'), token('c', 'd2'))).push_tokens,
    ).toEqual([token('c', 'd2'), token('a', 'd1')]);
  });

  it('take over no subscription and no location', () =>
    expect(
      merge(
        profileAfter(),
        profileAfter(
          attributesUpdated({
            fields: {
              email_subscribe: 'opted_in',
              current_location: { longitude: 1, latitude: 2 },
              language: 'de',
            },
          }),
        ),
      ).fields,
    ).toEqual({ language: 'de' }));

  it('span the sessions of both', () =>
    expect(
      merge(
        profileAfter(
          attributesUpdated({ fields: { date_of_first_session: '2020', date_of_last_session: '2021' } }),
        ),
        profileAfter(
          attributesUpdated({ fields: { date_of_first_session: '2019', date_of_last_session: '2022' } }),
        ),
      ).fields,
    ).toEqual({ date_of_first_session: '2019', date_of_last_session: '2022' }));

  it('say where revenue is beyond a number, and keep the survivor’s', () => {
    const rich = profileAfter(purchaseRecorded('x', { price: 1.7e308 }));
    const { profile: merged, overflows } = mergedWith(rich, asContribution(rich));
    expect(overflows).toEqual(['USD']);
    expect(merged.revenue).toEqual(rich.revenue);
    expect(merged.purchases['x']?.count).toBe(2);
  });
});

describe('a merge in a stream', () => {
  const other = profileAfter(
    customEventRecorded('seen'),
    attributesUpdated({ custom: { plan: 'free', from: 'other' } }),
  );
  const merged: UserEvent = {
    type: 'UserMerged',
    data: { from: 'b'.repeat(24), at_revision: 3, contributed: asContribution(other) },
  };
  const undone = (undone_revision: number): UserEvent => ({
    type: 'MergeUndone',
    data: { with: 'b'.repeat(24), undone_revision },
  });
  const own = attributesUpdated({ custom: { plan: 'paid' } });
  const later = customEventRecorded('seen');

  it('brings what the other user had', () =>
    expect(fold(inStream([userCreated, own, merged, later]))).toMatchObject({
      custom_attributes: { plan: 'paid', from: 'other' },
      custom_events: { seen: { count: 2 } },
    }));

  it('is gone when it was undone; what came later stays', () => {
    const profile = fold(inStream([userCreated, own, merged, later, undone(2)]));
    expect(profile).toMatchObject({
      custom_attributes: { plan: 'paid' },
      custom_events: { seen: { count: 1 } },
    });
    expect(profile).not.toHaveProperty('custom_attributes.from');
  });

  it('can be made again after it was undone', () =>
    expect(fold(inStream([userCreated, merged, undone(1), merged]))).toMatchObject({
      custom_events: { seen: { count: 1 } },
    }));

  it('gives the merged user back when it was undone', () => {
    const into: UserEvent = { type: 'MergedInto', data: { braze_id: 'b'.repeat(24) } };
    expect(fold(inStream([userCreated, own, into])).status).toBe('merged');
    expect(fold(inStream([userCreated, own, into, undone(2)]))).toMatchObject({
      status: 'active',
      custom_attributes: { plan: 'paid' },
    });
  });

  it('is kept by a restatement, whatever was erased before it', () => {
    const before = inStream([userCreated, own, merged, later]);
    const restated = inStream(
      [{ type: 'ProfileRestated', data: { profile: fold(before) as never, merged: [], streams: [] } }],
      before.length,
    );
    const after = inStream([later], before.length + 1);
    expect(fold([...restated, ...after])).toEqual(fold([...before, ...restated, ...after]));
    expect(fold(restated)).toEqual(fold(before));
  });
});
