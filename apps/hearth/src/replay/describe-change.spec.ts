import type { ProfileChange } from '@hearth/profiles';
import { expect, it } from 'vitest';

import { describeChange } from './describe-change.ts';

const totals = (count: number) => ({
  first: '2026-11-22T04:00:00.000Z',
  last: '2026-11-22T04:00:00.000Z',
  count,
});

const pushToken = { app_id: 'a', token: 't', device_id: 'd' };

it.each<[string, ProfileChange]>([
  ['the profile was unknown, now it is active', { kind: 'status', from: 'unknown', to: 'active' }],
  ['+ external_id "ada"', { kind: 'external_id_added', value: 'ada' }],
  ['- user_alias crm:42', { kind: 'user_alias_removed', value: { alias_label: 'crm', alias_name: '42' } }],
  ['+ email: "ada@example.com"', { kind: 'field', name: 'email', from: undefined, to: 'ada@example.com' }],
  [
    '~ custom attribute plan: "free" -> {"tier":2}',
    { kind: 'attribute', name: 'plan', from: 'free', to: { tier: 2 } },
  ],
  ['- custom attribute plan: was "free"', { kind: 'attribute', name: 'plan', from: 'free', to: undefined }],
  [
    '~ custom event login: 0 times -> once',
    { kind: 'custom_event', name: 'login', from: undefined, to: totals(1) },
  ],
  [
    '~ purchases of sku-1: once -> 4 times',
    { kind: 'purchase', name: 'sku-1', from: totals(1), to: totals(4) },
  ],
  ['~ revenue in EUR: 10 -> 12.5', { kind: 'revenue', name: 'EUR', from: 10, to: 12.5 }],
  [
    '~ subscription group g: "subscribed" -> "unsubscribed"',
    { kind: 'subscription_group', name: 'g', from: 'subscribed', to: 'unsubscribed' },
  ],
  ['+ push token of device "d"', { kind: 'push_token_added', value: pushToken }],
  ['- push token of device "d"', { kind: 'push_token_removed', value: pushToken }],
  [
    '! left out plan: inc needs an integer, and a stored integer or nothing',
    {
      kind: 'rejection',
      rejection: { revision: 1, at: '2026-11-22T04:00:00.000Z', code: 'not_an_integer', name: 'plan' },
    },
  ],
])('a change reads: %s', (line, change) => expect(describeChange(change)).toBe(line));

it('keeps what would steer a terminal out of it', () =>
  expect(
    describeChange({ kind: 'attribute', name: 'a\u001b[2J', from: undefined, to: '\u009b2J\u202e' }),
  ).toBe('+ custom attribute a\\u001b[2J: "\\u009b2J\\u202e"'));
