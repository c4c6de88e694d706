import type { UserEvent } from '@hearth/contracts';
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
import { changesBetween } from './changes.ts';
import { fold } from './evolve.ts';
import { unknownProfile } from './profile.ts';

const changesBy = (earlier: readonly UserEvent[], event: UserEvent) => {
  const events = inStream([userCreated, ...earlier, event]);
  return changesBetween(fold(events.slice(0, -1)), fold(events));
};

describe('the changes an event made', () => {
  it('names the new user', () =>
    expect(changesBetween(unknownProfile, profileAfter())).toEqual([
      { kind: 'status', from: 'unknown', to: 'active' },
      { kind: 'external_id_added', value: 'u1' },
    ]));
  it('shows attributes before and after', () =>
    expect(
      changesBy(
        [attributesUpdated({ custom: { n: 1, same: [1], gone: true } })],
        attributesUpdated({
          custom: { n: { inc: 2 }, same: [1], gone: null, fresh: 'x' },
          fields: { country: 'AU' },
        }),
      ),
    ).toEqual([
      { kind: 'field', name: 'country', from: undefined, to: 'AU' },
      { kind: 'attribute', name: 'n', from: 1, to: 3 },
      { kind: 'attribute', name: 'gone', from: true, to: undefined },
      { kind: 'attribute', name: 'fresh', from: undefined, to: 'x' },
    ]));
  it('shows counts and revenue', () => {
    const totals = { first: '2024-01-01T00:00:00.000Z', last: '2024-01-01T00:00:00.000Z' };
    expect(changesBy([customEventRecorded('a')], customEventRecorded('a'))).toEqual([
      { kind: 'custom_event', name: 'a', from: { ...totals, count: 1 }, to: { ...totals, count: 2 } },
    ]);
    expect(changesBy([], purchaseRecorded('p', { quantity: 2 }))).toEqual([
      { kind: 'purchase', name: 'p', from: undefined, to: { ...totals, count: 2 } },
      { kind: 'revenue', name: 'USD', from: undefined, to: 20 },
    ]);
  });
  it('shows what was left out', () => {
    const bad = attributesUpdated({ custom: { a: { inc: 0.5 } } });
    expect(changesBy(Array(40).fill(bad), bad)).toEqual([
      {
        kind: 'rejection',
        rejection: { revision: 41, at: receivedAt(41), code: 'not_an_integer', name: 'a' },
      },
    ]);
  });
  it('shows identifiers that came and went', () => {
    const old = { identifier: { kind: 'external_id', value: 'u1' } } as const;
    const alias = { alias_name: 'n', alias_label: 'l' };
    expect(changesBy([], { type: 'IdentifierRemoved', data: old })).toEqual([
      { kind: 'external_id_removed', value: 'u1' },
    ]);
    expect(
      changesBy([], { type: 'IdentifierAdded', data: { identifier: { kind: 'user_alias', value: alias } } }),
    ).toEqual([{ kind: 'user_alias_added', value: alias }]);
  });
  it('shows states in subscription groups, and push tokens', () => {
    const state = (subscription_state: 'subscribed' | 'unsubscribed'): UserEvent => ({
      type: 'SubscriptionGroupChanged',
      data: { subscription_group_id: 'g', subscription_state },
    });
    expect(changesBy([], state('subscribed'))).toEqual([
      { kind: 'subscription_group', name: 'g', from: undefined, to: 'subscribed' },
    ]);
    expect(changesBy([state('subscribed')], state('subscribed'))).toEqual([]);
    const token = { app_id: 'a', token: 't', device_id: 'd' };
    const gain = attributesUpdated({ push_tokens: [token] });
    expect(changesBy([], gain)).toEqual([{ kind: 'push_token_added', value: token }]);
    expect(changesBy([gain], attributesUpdated({ push_tokens: null }))).toEqual([
      { kind: 'push_token_removed', value: token },
    ]);
  });
  it('shows the end of a profile by its status alone', () =>
    expect(changesBy([customEventRecorded('a')], { type: 'UserDeleted', data: {} })).toEqual([
      { kind: 'status', from: 'active', to: 'deleted' },
    ]));
  it('is nothing between equal profiles that share nothing', () =>
    expect(
      changesBetween(profileAfter(customEventRecorded('a')), profileAfter(customEventRecorded('a'))),
    ).toEqual([]));
});
