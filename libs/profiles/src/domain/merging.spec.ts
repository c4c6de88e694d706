import type { JsonObject, ProfileFields, UserEvent } from '@hearth/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attributesUpdated,
  customEventRecorded,
  inStream,
  profileAfter,
  purchaseRecorded,
  receivedAt,
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
const text = fc.constantFrom('a', 'b', '');
const state = fc.constantFrom('opted_in', 'unsubscribed');
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
    .record({ email: text, first_name: text, country: text, email_subscribe: state }, { requiredKeys: [] })
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
        expect(new Map(Object.entries(merged.custom_attributes))).toEqual(
          new Map([...Object.entries(other.custom_attributes), ...Object.entries(kept.custom_attributes)]),
        );
        const values = ({ fields }: ActiveProfile) =>
          Object.entries(fields).filter(([field, value]) => field !== 'email_subscribe' && value !== '');
        expect(new Map(values(merged))).toEqual(new Map([...values(other), ...values(kept)]));
        const address = (kept.fields.email ?? '') === '' ? other.fields.email : undefined;
        expect(merged.fields.email_subscribe).toBe(
          kept.fields.email_subscribe ?? ((address ?? '') === '' ? undefined : other.fields.email_subscribe),
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

  describe('subscriptions, which live on the address (§7.2)', () => {
    const state = (of: string, to: 'subscribed' | 'unsubscribed'): UserEvent => ({
      type: 'SubscriptionGroupChanged',
      data: { subscription_group_id: of, subscription_state: to },
    });
    const fields = (sent: ProfileFields): UserEvent => attributesUpdated({ fields: sent });
    const left = profileAfter(
      fields({ email: 'a@b.co', email_subscribe: 'unsubscribed', push_subscribe: 'opted_in' }),
      state('news', 'unsubscribed'),
      state('offers', 'subscribed'),
    );

    it('come along with an email, each with its time', () => {
      const merged = merge(profileAfter(state('offers', 'unsubscribed')), left);
      expect(merged.fields).toEqual({ email: 'a@b.co', email_subscribe: 'unsubscribed' });
      expect(merged.subscription_times).toEqual({ email_unsubscribed_at: receivedAt(1) });
      expect(merged.subscription_groups).toEqual({
        news: { state: 'unsubscribed', changed_at: receivedAt(2) },
        offers: { state: 'unsubscribed', changed_at: receivedAt(1) },
      });
    });

    it('of groups come along with a phone, that of emails does not', () => {
      const phone = profileAfter(
        fields({ phone: '+1504', email_subscribe: 'unsubscribed' }),
        state('sms', 'unsubscribed'),
      );
      const merged = merge(profileAfter(fields({ email: 'x@y.co' })), phone);
      expect(merged.fields).toEqual({ email: 'x@y.co', phone: '+1504' });
      expect(merged.subscription_groups).toEqual(phone.subscription_groups);
    });

    it('stay the survivor’s where it has a state of its own', () => {
      const own = profileAfter(fields({ email_subscribe: 'opted_in' }));
      expect(merge(own, left)).toMatchObject({
        fields: { email: 'a@b.co', email_subscribe: 'opted_in' },
        subscription_times: own.subscription_times,
      });
    });

    it('stay behind with an address that is not taken over', () => {
      const own = profileAfter(fields({ email: 'c@d.co' }));
      const merged = merge(own, left);
      expect(merged.fields).toEqual(own.fields);
      expect(merged).not.toHaveProperty('subscription_groups');
      expect(merged).not.toHaveProperty('subscription_times');
    });
  });

  it('fill a text that is empty, and never with an empty one', () => {
    const named = (first_name: string, last_name: string) =>
      profileAfter(attributesUpdated({ fields: { first_name, last_name } }));
    expect(merge(named('', 'L'), named('F', '')).fields).toEqual({ first_name: 'F', last_name: 'L' });
    expect(merge(profileAfter(), named('', '')).fields).toEqual({});
  });

  it('take over no subscription without an address, and no location', () =>
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

  it('gives a subscription back that came with an address when it was undone', () => {
    const left = profileAfter(
      attributesUpdated({ fields: { email: 'a@b.co', email_subscribe: 'unsubscribed' } }),
    );
    const contributed: UserEvent = {
      type: 'UserMerged',
      data: { from: 'b'.repeat(24), at_revision: 3, contributed: asContribution(left) },
    };
    expect(fold(inStream([userCreated, contributed]))).toMatchObject({ fields: left.fields });
    const profile = fold(inStream([userCreated, contributed, undone(1)]));
    expect(profile).toMatchObject({ fields: {} });
    expect(profile).not.toHaveProperty('fields.email_subscribe');
    expect(profile).not.toHaveProperty('subscription_times');
  });

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
