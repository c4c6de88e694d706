import type { ClaimableIdentifier, UserEvent } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';
import {
  attributesUpdated,
  brazeId,
  customEventRecorded,
  inStream,
  profileAfter,
  purchaseRecorded,
  receivedAt,
  userCreated,
} from '../testing/profile-events.ts';
import { evolve, fold } from './evolve.ts';
import { unknownProfile } from './profile.ts';
import { LISTED_REJECTIONS } from './rejections.ts';

const added = (identifier: ClaimableIdentifier): UserEvent => ({
  type: 'IdentifierAdded',
  data: { identifier },
});
const removed = (identifier: ClaimableIdentifier): UserEvent => ({
  type: 'IdentifierRemoved',
  data: { identifier },
});
const createdBy = (identifier: ClaimableIdentifier): UserEvent => ({
  type: 'UserCreated',
  data: { braze_id: brazeId, identifier, random_bucket: 7 },
});

describe('the life of a profile', () => {
  it('begins with its creation', () =>
    expect(profileAfter()).toMatchObject({
      status: 'active',
      braze_id: brazeId,
      created_at: receivedAt(0),
      updated_at: receivedAt(0),
      random_bucket: 42,
      external_ids: ['u1'],
    }));
  it('is not changed by the loss of a name it never had', () => {
    const others: readonly ClaimableIdentifier[] = [
      { kind: 'external_id', value: 'u2' },
      { kind: 'user_alias', value: { alias_label: 'l', alias_name: 'a' } },
    ];
    expect(profileAfter(...others.map(removed))).toEqual(profileAfter());
    expect(profileAfter(removed({ kind: 'external_id', value: 'u1' }))).toMatchObject({
      updated_at: receivedAt(1),
      external_ids: [],
    });
  });
  it.each(['email', 'phone'] as const)('takes the %s it was created by as its first value', (kind) =>
    expect(fold(inStream([createdBy({ kind, value: 'x' })]))).toMatchObject({ fields: { [kind]: 'x' } }),
  );
  it('is updated by every event it knows', () =>
    expect(profileAfter(customEventRecorded('a'), attributesUpdated({})).updated_at).toBe(receivedAt(2)));
  it('passes over events it does not know', () => {
    const before = profileAfter();
    expect(
      evolve(before, { ...inStream([userCreated], 1)[0]!, type: 'CohortsChanged', data: { any: 1 } }),
    ).toBe(before);
  });
  it('knows no user before the creation', () =>
    expect(fold(inStream([customEventRecorded('a')]))).toBe(unknownProfile));
  it('is merged away', () =>
    expect(
      fold(
        inStream([
          userCreated,
          { type: 'MergedInto', data: { braze_id: 'other' } },
          customEventRecorded('a'),
        ]),
      ),
    ).toEqual({ status: 'merged', merged_into: 'other', merged_at: receivedAt(1) }));
  it('is deleted for good, and the same without the events before it', () => {
    const events = inStream([
      userCreated,
      customEventRecorded('a'),
      { type: 'UserDeleted', data: {} },
      userCreated,
    ]);
    expect(fold(events)).toEqual({ status: 'deleted', deleted_at: receivedAt(2) });
    expect(fold(events.slice(2))).toEqual(fold(events));
  });
  it('records an event of a newer shape instead of guessing at it', () => {
    const before = profileAfter();
    const newer = { ...inStream([customEventRecorded('a')], 1)[0]!, schema: 2, data: 'who knows' };
    expect(evolve(before, newer)).toEqual({
      ...before,
      updated_at: receivedAt(1),
      rejections: {
        count: 1,
        newest: [{ revision: 1, at: receivedAt(1), code: 'newer_schema', name: 'CustomEventRecorded' }],
      },
    });
    expect(evolve(before, { ...newer, type: 'UserDeleted' })).toMatchObject({ status: 'deleted' });
  });
});

describe('identifiers', () => {
  const id = (value: string): ClaimableIdentifier => ({ kind: 'external_id', value });
  const alias = (alias_name: string): ClaimableIdentifier => ({
    kind: 'user_alias',
    value: { alias_name, alias_label: 'l' },
  });

  it('keep the older external ids until they are removed', () => {
    expect(profileAfter(added(id('u2'))).external_ids).toEqual(['u1', 'u2']);
    expect(profileAfter(added(id('u2')), removed(id('u1'))).external_ids).toEqual(['u2']);
  });
  it('collect aliases, each once', () => {
    const [n1, n2] = [alias('n1'), alias('n2')];
    expect(profileAfter(added(n1), added(n2), added(n1), removed(n2)).user_aliases).toEqual([n1.value]);
  });
  it('fill an empty email field and touch no other', () => {
    const email = added({ kind: 'email', value: 'a@b.co' });
    expect(profileAfter(email).fields).toEqual({ email: 'a@b.co' });
    expect(profileAfter(attributesUpdated({ fields: { email: 'c@d.co' } }), email).fields).toEqual({
      email: 'c@d.co',
    });
    expect(profileAfter(email, removed({ kind: 'email', value: 'a@b.co' })).fields).toEqual({
      email: 'a@b.co',
    });
  });
});

describe('profile fields', () => {
  it('are set, kept and cleared', () =>
    expect(
      profileAfter(
        attributesUpdated({ fields: { first_name: 'Jon', country: 'AU', email: 'a@b.co' } }),
        attributesUpdated({ fields: { country: null, last_name: 'Doe' } }),
      ).fields,
    ).toEqual({ first_name: 'Jon', email: 'a@b.co', last_name: 'Doe' }));
  it('are apart from custom attributes of a like name', () => {
    const { fields, custom_attributes } = profileAfter(attributesUpdated({ custom: { First_Name: 'Jon' } }));
    expect([fields, custom_attributes]).toEqual([{}, { First_Name: 'Jon' }]);
  });
});

describe('custom events and purchases', () => {
  it('are counted per name by their own time', () =>
    expect(
      profileAfter(
        customEventRecorded('rented', '2024-03-01T00:00:00.000Z'),
        customEventRecorded('rented', '2022-01-01T00:00:00.000Z'),
        customEventRecorded('__proto__', '2023-01-01T00:00:00.000Z'),
        customEventRecorded('rented', '2023-01-01T00:00:00.000Z'),
      ).custom_events,
    ).toEqual(
      JSON.parse(`{
        "rented": { "first": "2022-01-01T00:00:00.000Z", "last": "2024-03-01T00:00:00.000Z", "count": 3 },
        "__proto__": { "first": "2023-01-01T00:00:00.000Z", "last": "2023-01-01T00:00:00.000Z", "count": 1 }
      }`),
    ));
  it('count each of a quantity, and sum up revenue per currency', () => {
    const profile = profileAfter(
      purchaseRecorded('p', { price: 2.5, quantity: 3 }),
      purchaseRecorded('p', { price: -5 }),
      purchaseRecorded('q', { price: 0 }),
      purchaseRecorded('q', { price: 1, currency: 'EUR' }),
    );
    expect(profile.purchases['p']?.count).toBe(4);
    expect(profile.purchases['q']?.count).toBe(2);
    expect(profile.revenue).toEqual({ USD: 2.5, EUR: 1 });
  });
  it('keep a sum finite', () => {
    const profile = profileAfter(...Array(3).fill(purchaseRecorded('p', { price: 1e308 })));
    expect(profile.purchases['p']?.count).toBe(3);
    expect(profile.revenue['USD']).toBe(1e308);
    expect(profile.rejections.count).toBe(2);
  });
});

describe('rejections', () => {
  it('say what, when and why, and leave the rest of the object applied', () => {
    const profile = profileAfter(
      attributesUpdated({ custom: { tier: 'gold', note: 'x'.repeat(300), $bad: 1, '': 2 } }),
    );
    expect(profile.custom_attributes).toEqual({ tier: 'gold' });
    expect(profile.rejections.newest).toEqual([
      { revision: 1, at: receivedAt(1), code: 'string_too_long', name: 'note' },
      { revision: 1, at: receivedAt(1), code: 'bad_name', name: '$bad' },
      { revision: 1, at: receivedAt(1), code: 'bad_name', name: '' },
    ]);
  });
  it('list what ingestion did not take beside what the fold did not', () => {
    const { rejections } = profileAfter(
      attributesUpdated({ custom: { n: { inc: 0.5 } }, dropped: [{ name: 'o', reason: 'null_inside' }] }),
    );
    expect(rejections.newest.map(({ code, name }) => [code, name])).toEqual([
      ['null_inside', 'o'],
      ['not_an_integer', 'n'],
    ]);
  });
  it('list the newest ones only, and count them all', () => {
    const { rejections } = profileAfter(
      ...Array(50).fill(attributesUpdated({ custom: { a: { inc: 0.5 } } })),
    );
    expect(rejections.count).toBe(50);
    expect(rejections.newest.map(({ revision }) => revision)).toEqual(
      Array.from({ length: LISTED_REJECTIONS }, (_, index) => 51 - LISTED_REJECTIONS + index),
    );
  });
});
