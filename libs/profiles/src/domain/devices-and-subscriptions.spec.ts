import type { AttributesUpdated, PushToken, SubscriptionGroupChanged, UserEvent } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';
import { attributesUpdated, profileAfter, receivedAt } from '../testing/profile-events.ts';
import { MAX_PUSH_TOKENS } from './push-tokens.ts';

const group = (id: string, state: SubscriptionGroupChanged['subscription_state']): UserEvent => ({
  type: 'SubscriptionGroupChanged',
  data: { subscription_group_id: id, subscription_state: state },
});
const token = (name: string, device_id = `device of ${name}`, app_id = 'app'): PushToken => ({
  app_id,
  token: name,
  device_id,
});
const tokensAfter = (...updates: readonly AttributesUpdated[]) =>
  profileAfter(...updates.map(attributesUpdated)).push_tokens;

describe('subscription groups (user-data API §7.1)', () => {
  it('keep a state each, and since when', () =>
    expect(
      profileAfter(group('a', 'subscribed'), group('b', 'unsubscribed'), group('a', 'unsubscribed')),
    ).toMatchObject({
      updated_at: receivedAt(3),
      subscription_groups: {
        a: { state: 'unsubscribed', changed_at: receivedAt(3) },
        b: { state: 'unsubscribed', changed_at: receivedAt(2) },
      },
    }));
  it('keep their time when the same state is said again', () =>
    expect(profileAfter(group('a', 'subscribed'), group('a', 'subscribed')).subscription_groups).toEqual({
      a: { state: 'subscribed', changed_at: receivedAt(1) },
    }));
  it('are absent where there are none', () =>
    expect(profileAfter()).not.toHaveProperty('subscription_groups'));
});

describe('the times of subscription states (§13.2)', () => {
  it('are those of the changes, state by state', () =>
    expect(
      profileAfter(
        attributesUpdated({ fields: { email_subscribe: 'opted_in', push_subscribe: 'subscribed' } }),
        attributesUpdated({ fields: { email_subscribe: 'opted_in' } }),
        attributesUpdated({ fields: { email_subscribe: 'unsubscribed' } }),
        attributesUpdated({ fields: { push_subscribe: 'opted_in' } }),
      ).subscription_times,
    ).toEqual({
      email_opted_in_at: receivedAt(1),
      push_subscribed_at: receivedAt(1),
      email_unsubscribed_at: receivedAt(3),
      push_opted_in_at: receivedAt(4),
    }));
  it('stay when the state is cleared, and are new when it comes back', () => {
    const optedIn = attributesUpdated({ fields: { push_subscribe: 'opted_in' } });
    const cleared = attributesUpdated({ fields: { push_subscribe: null } });
    expect(profileAfter(optedIn, cleared).subscription_times).toEqual({ push_opted_in_at: receivedAt(1) });
    expect(profileAfter(optedIn, cleared, optedIn).subscription_times).toEqual({
      push_opted_in_at: receivedAt(3),
    });
  });
  it('are absent where no state was set', () =>
    expect(profileAfter(attributesUpdated({ fields: { country: 'US' } }))).not.toHaveProperty(
      'subscription_times',
    ));
});

describe('push tokens (§7.1, §7.3)', () => {
  it('are gained in order, each once', () =>
    expect(
      tokensAfter({ push_tokens: [token('a')] }, { push_tokens: [token('b'), token('a', 'another')] }),
    ).toEqual([token('a'), token('b')]));
  it('replace the older one of the same app and device', () =>
    expect(
      tokensAfter(
        { push_tokens: [token('a', 'd'), token('b', 'd', 'other app')] },
        { push_tokens: [token('c', 'd')] },
      ),
    ).toEqual([token('b', 'd', 'other app'), token('c', 'd')]));
  it('go over to another profile', () =>
    expect(
      tokensAfter(
        { push_tokens: [token('a'), token('b')] },
        { lost_push_tokens: [{ app_id: 'app', token: 'a' }] },
      ),
    ).toEqual([token('b')]));
  it('are absent when they are cleared or lost', () => {
    expect(tokensAfter({ push_tokens: [token('a')] }, { push_tokens: null })).toBeUndefined();
    expect(tokensAfter({ push_tokens: [token('a')] }, { lost_push_tokens: [token('a')] })).toBeUndefined();
  });
  it('are the newest ones where there are too many', () => {
    const many = Array.from({ length: MAX_PUSH_TOKENS + 2 }, (_, n) => token(String(n)));
    expect(tokensAfter({ push_tokens: many })).toEqual(many.slice(2));
  });
});

describe('a list limit that is stamped into the event (§8.4)', () => {
  const items = Array.from({ length: 60 }, (_, n) => n);
  it('holds for the attributes it names', () => {
    const { custom_attributes, rejections } = profileAfter(
      attributesUpdated({ custom: { wide: items, other: items }, list_limits: { wide: 50 } }),
    );
    expect(custom_attributes).toEqual({ wide: items.slice(10), other: items.slice(35) });
    expect(rejections.newest.map(({ code, name }) => [code, name])).toEqual([
      ['list_limit', 'wide'],
      ['list_limit', 'other'],
    ]);
  });
  it('holds for what is added', () =>
    expect(
      profileAfter(
        attributesUpdated({ custom: { wide: items.slice(0, 50) }, list_limits: { wide: 50 } }),
        attributesUpdated({ custom: { wide: { add: ['x'] } }, list_limits: { wide: 50 } }),
      ).custom_attributes,
    ).toEqual({ wide: [...items.slice(1, 50), 'x'] }));
});
