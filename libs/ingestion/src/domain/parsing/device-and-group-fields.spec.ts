import type { Json, JsonObject } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { accepted, fieldsOf, NOW, parseOne, rulesWith } from '../../testing/parse-one.ts';
import { isFatal } from './errors.ts';
import { parseTrack } from './track-request.ts';
import { defaultTrackRules } from './track-rules.ts';

const GROUP = '2f1b5e36-5f2a-4d1c-9d9c-8b8e2a6ecb6f';
const commandsOf = (sent: JsonObject, rules = defaultTrackRules) =>
  accepted('attributes', sent, rules).commands;
const TOKEN = { app_id: 'app', token: 't' };

describe('subscription_groups (user-data API §4.3)', () => {
  const ARRAY = "'subscription_groups' must be an array";
  const ITEM = "Each of the 'subscription_groups' needs 'subscription_group_id' and 'subscription_state'";
  const ID = "'subscription_group_id' is not a known subscription group";
  const STATE = "'subscription_state' must be 'subscribed' or 'unsubscribed'";
  const item = (changes: JsonObject) => ({
    subscription_group_id: GROUP,
    subscription_state: 'subscribed',
    ...changes,
  });

  it.each<[string, Json]>([
    [ARRAY, {}],
    [ARRAY, 'x'],
    [ARRAY, item({})],
    [ITEM, ['x']],
    [ITEM, [null]],
    [ITEM, [item({}), {}]],
    [ITEM, [item({ subscription_group_id: null })]],
    [ITEM, [{ subscription_group_id: GROUP }]],
    [ID, [item({ subscription_group_id: 'x' })]],
    [ID, [item({ subscription_group_id: 1 })]],
    [STATE, [item({ subscription_state: 'opted_in' })]],
    [STATE, [item({ subscription_state: true })]],
    ["'use_double_opt_in_logic' is not valid", [item({ use_double_opt_in_logic: 'yes' })]],
  ])('%s for %j', (text, subscription_groups) => {
    expect(fieldsOf({ subscription_groups })).toBe(text);
  });

  it('become one change for each item, in order, and tell that subscriptions change', () => {
    const groups = [item({ use_double_opt_in_logic: true }), item({ subscription_state: 'unsubscribed' })];
    const object = accepted('attributes', { external_id: 'u', x: 1, subscription_groups: groups });
    expect(object.commands).toEqual([
      { type: 'UpdateAttributes', data: { custom: { x: 1 } } },
      ...groups.map((data) => ({ type: 'ChangeSubscriptionGroup', data })),
    ]);
    expect(object.changesSubscriptions).toBe(true);
  });

  it.each<[JsonObject, true | undefined]>([
    [{ email_subscribe: 'opted_in' }, true],
    [{ email_subscribe: null }, true],
    [{ push_subscribe: 'opted_in' }, undefined],
    [{ subscription_groups: null }, undefined],
    [{ subscription_groups: [] }, undefined],
  ])('%j changes subscriptions of an address: %s', (sent, expected) => {
    expect(accepted('attributes', { external_id: 'u', ...sent }).changesSubscriptions).toBe(expected);
  });

  it('takes valid ones, and only known ones where the groups are known', () => {
    const rules = rulesWith({ subscriptionGroups: new Map([['known', 'email']]) });
    expect(fieldsOf({ subscription_groups: [] })).toBeUndefined();
    expect(fieldsOf({ subscription_groups: [item({ use_double_opt_in_logic: true })] })).toBeUndefined();
    expect(
      fieldsOf({ subscription_groups: [item({ subscription_group_id: 'known' })] }, rules),
    ).toBeUndefined();
    expect(fieldsOf({ subscription_groups: [item({})] }, rules)).toBe(ID);
  });
});

describe('push_tokens (§4.3)', () => {
  it.each<[string, Json]>([
    ["'push_tokens' must be an array of objects", {}],
    ["'push_tokens' must be an array of objects", ['t']],
    ["'push_tokens' must be an array of objects", [null]],
    ["'token' of each of the 'push_tokens' must be a non-empty string", [{ app_id: 'app' }]],
    ["'token' of each of the 'push_tokens' must be a non-empty string", [{ ...TOKEN, token: 5 }]],
    ["'app_id' of each of the 'push_tokens' must be an app of this workspace", [{ token: 't' }]],
    ["'app_id' of each of the 'push_tokens' must be an app of this workspace", [{ ...TOKEN, app_id: 5 }]],
    [
      "'device_id' of each of the 'push_tokens' must have 8 to 255 bytes",
      [{ ...TOKEN, device_id: '1234567' }],
    ],
    [
      "'device_id' of each of the 'push_tokens' must have 8 to 255 bytes",
      [{ ...TOKEN, device_id: 'é'.repeat(128) }],
    ],
    [
      "'device_id' of each of the 'push_tokens' must have 8 to 255 bytes",
      [{ ...TOKEN, device_id: 12345678 }],
    ],
  ])('%s for %j', (text, push_tokens) => {
    expect(fieldsOf({ push_tokens })).toBe(text);
  });

  const OWNER = "'push_tokens' need an 'external_id', or 'push_token_import'";
  it.each<[string, JsonObject]>([
    ['an email', { email: 'a@b.co' }],
    ['a phone', { phone: '+15045550123' }],
    ['an alias', { user_alias: { alias_name: 'n', alias_label: 'l' } }],
    ['a braze_id', { braze_id: '0123456789abcdef01234567' }],
  ])('go to nobody who is named by %s, but can be cleared', (_, identifier) => {
    expect(parseOne('attributes', { ...identifier, push_tokens: [TOKEN] })).toBe(OWNER);
    expect(commandsOf({ ...identifier, push_tokens: null })).toEqual([
      { type: 'UpdateAttributes', data: { push_tokens: null } },
    ]);
  });

  it('get a device of their own where none was sent, always the same', () => {
    const rules = rulesWith({ deviceIdOf: (app, token) => `device-of-${app}-${token}` });
    const sent = [TOKEN, { ...TOKEN, token: 'u', device_id: '12345678' }];
    expect(commandsOf({ external_id: 'u', push_tokens: sent }, rules)).toEqual([
      {
        type: 'UpdateAttributes',
        data: { push_tokens: [{ ...TOKEN, device_id: 'device-of-app-t' }, sent[1]] },
      },
    ]);
    expect(commandsOf({ external_id: 'u', push_tokens: [] })).toEqual([
      { type: 'UpdateAttributes', data: {} },
    ]);
  });

  it('takes only the apps of the workspace where they are known', () => {
    const rules = rulesWith({ appIds: new Set(['app']) });
    expect(fieldsOf({ push_tokens: [TOKEN] }, rules)).toBeUndefined();
    expect(fieldsOf({ push_tokens: [{ ...TOKEN, app_id: 'other' }] }, rules)).toMatch(/'app_id'/);
  });
});

describe('push_token_import (§7.3)', () => {
  const IMPORT = "'push_token_import' needs 'push_tokens' and allows neither 'external_id' nor 'braze_id'";

  it.each<[string, JsonObject]>([
    [IMPORT, { external_id: 'u', push_tokens: [TOKEN] }],
    [IMPORT, { braze_id: '0123456789abcdef01234567', push_tokens: [TOKEN] }],
    [IMPORT, { email: 'a@b.co' }],
    [IMPORT, { push_tokens: [] }],
    [IMPORT, { push_tokens: null }],
    ["'push_tokens' must be an array of objects", { push_tokens: 'x' }],
  ])('%s for %j', (text, sent) => {
    expect(parseOne('attributes', { ...sent, push_token_import: true })).toBe(text);
  });

  it('needs no identifier: its tokens stand apart from what their profiles begin with', () => {
    const request = parseTrack(
      {
        attributes: [
          {
            push_token_import: true,
            push_tokens: [TOKEN],
            email: 'A@b.co',
            country: 'USA',
            x: 1,
            user_alias: {},
          },
        ],
      },
      defaultTrackRules,
      NOW,
    );
    expect(request).toEqual({
      objects: [],
      imports: [
        {
          inputArray: 'attributes',
          index: 0,
          tokens: [{ ...TOKEN, device_id: 'app:t' }],
          data: { fields: { email: 'a@b.co', country: 'US' }, custom: { x: 1 } },
          more: [],
        },
      ],
      errors: [],
      processed: { attributes_processed: 1 },
    });
    expect(isFatal(request)).toBe(false);
  });

  it('has to be a boolean', () => {
    expect(parseOne('attributes', { external_id: 'u', push_token_import: 'true' })).toBe(
      "'push_token_import' is not valid",
    );
    for (const flag of [false, null])
      expect(typeof parseOne('attributes', { external_id: 'u', push_token_import: flag })).toBe('object');
  });
});

describe('facebook and twitter (§7.1)', () => {
  it.each<[string, readonly Json[]]>([
    [
      'facebook',
      ['x', [], 1, { id: 5 }, { likes: 'a' }, { likes: [1] }, { num_friends: 1.5 }, { num_friends: '3' }],
    ],
    [
      'twitter',
      ['x', [], 1, { id: '5' }, { screen_name: 5 }, { followers_count: 0.5 }, { statuses_count: '1' }],
    ],
  ])('refuses a malformed %s', (field, values) => {
    for (const value of values) expect(fieldsOf({ [field]: value })).toBe(`'${field}' is not valid`);
  });

  it('takes any part of them', () => {
    expect(fieldsOf({ facebook: {}, twitter: { screen_name: 's', other: [] } })).toEqual({
      facebook: {},
      twitter: { screen_name: 's' },
    });
  });
});
