import { Braze } from 'braze-api';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';

import { API_KEY } from './testing/hearth-process.ts';
import { shareHearth } from './testing/shared-hearth.ts';

/** A public client of the API, as it comes from the registry: what it sends is taken, and it understands the answers. */

const { url, attributes, post } = shareHearth();
let braze: Braze;
beforeAll(() => {
  braze = new Braze(url(), API_KEY);
});

const time = '2026-01-15T12:00:00.000Z';

describe('users.track', () => {
  it('takes attributes, events and purchases', async () => {
    expect(
      await braze.users.track({
        attributes: [{ external_id: 'track', first_name: 'Jo', visits: 1 }],
        events: [{ external_id: 'track', name: 'opened', time, properties: { door: 'front' } }],
        purchases: [
          { external_id: 'track', product_id: 'p', currency: 'USD', price: 2.5, quantity: 2, time },
        ],
      }),
    ).toEqual({
      message: 'success',
      attributes_processed: 1,
      events_processed: 1,
      purchases_processed: 1,
    });
    expect(await attributes({ external_id: 'track', visits: { inc: 1 } })).toEqual({ visits: 2 });
  });

  it('takes the same in bulk', async () => {
    expect(await braze.users.track({ attributes: [{ external_id: 'track', bulk: true }] }, true)).toEqual({
      message: 'success',
      attributes_processed: 1,
    });
  });

  it('hands on what was refused beside what was taken', async () => {
    const answer = await braze.users.track({
      attributes: [{ external_id: 'track', ok: 1 }, { ok: 1 }],
    });
    expect(answer).toMatchObject({
      message: 'success',
      attributes_processed: 1,
      errors: [{ input_array: 'attributes', index: 1 }],
    });
  });

  it('throws what was refused as a whole', async () => {
    await expect(braze.users.track({ attributes: [{ ok: 1 }] })).rejects.toMatchObject({
      status: 400,
      message: "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.",
      errors: [{ input_array: 'attributes', index: 0 }],
    });
    const stranger = new Braze(url(), 'another-key');
    await expect(
      stranger.users.track({ attributes: [{ external_id: 'track', ok: 1 }] }),
    ).rejects.toMatchObject({ status: 401, message: 'Invalid API Key' });
  });
});

const alias = (alias_name: string) => ({ alias_name, alias_label: 'client' });

/** What an export shows of one user once everything written before has been folded. */
const exported = (external_id: string) =>
  braze.users.export.ids({ external_ids: [external_id] }).then(({ users }) => users[0]);

describe('users.alias', () => {
  it('gives a user an alias, and changes it', async () => {
    await attributes({ external_id: 'alias', x: 1 });
    expect(
      await braze.users.alias.new({ user_aliases: [{ external_id: 'alias', ...alias('first') }] }),
    ).toEqual({ message: 'success', aliases_processed: 1 });
    await expect.poll(() => exported('alias')).toMatchObject({ user_aliases: [alias('first')] });
    expect(
      await braze.users.alias.update({
        alias_updates: [{ alias_label: 'client', old_alias_name: 'first', new_alias_name: 'second' }],
      }),
    ).toEqual({ message: 'success', aliases_processed: 1 });
    await expect.poll(() => exported('alias')).toMatchObject({ user_aliases: [alias('second')] });
  });
});

describe('users.identify', () => {
  it('identifies users by alias, email and phone', async () => {
    await braze.users.track({
      attributes: [{ user_alias: alias('anonymous'), _update_existing_only: false, x: 1 }],
    });
    expect(
      await braze.users.identify({
        aliases_to_identify: [{ external_id: 'identify', user_alias: alias('anonymous') }],
      }),
    ).toEqual({ message: 'success', aliases_processed: 1 });
    await expect
      .poll(() => exported('identify'))
      .toMatchObject({ custom_attributes: { x: 1 }, user_aliases: [alias('anonymous')] });

    await attributes({ email: 'identify@example.com', y: 1 });
    expect(
      await braze.users.identify({
        emails_to_identify: [
          { external_id: 'identify', email: 'identify@example.com', prioritization: ['unidentified'] },
        ],
        phone_numbers_to_identify: [
          { external_id: 'identify', phone: '+14155552600', prioritization: ['unidentified'] },
        ],
      }),
    ).toEqual({ message: 'success', emails_processed: 1, phone_numbers_processed: 1 });
    await expect.poll(() => exported('identify')).toMatchObject({ custom_attributes: { x: 1, y: 1 } });
  });
});

describe('users.merge', () => {
  it('merges one user into another', async () => {
    await attributes({ external_id: 'merge-from', from: true });
    await attributes({ external_id: 'merge-to', to: true });
    expect(
      await braze.users.merge({
        merge_updates: [
          {
            identifier_to_merge: { external_id: 'merge-from' },
            identifier_to_keep: { external_id: 'merge-to' },
          },
        ],
      }),
    ).toEqual({ message: 'success' });
    await expect
      .poll(() => exported('merge-to'))
      .toMatchObject({ custom_attributes: { from: true, to: true } });
    expect(await exported('merge-from')).toBeUndefined();
  });
});

describe('users.external_ids', () => {
  it('renames an id, and removes the old one', async () => {
    await attributes({ external_id: 'old', x: 1 });
    expect(
      await braze.users.external_ids.rename({
        external_id_renames: [{ current_external_id: 'old', new_external_id: 'new' }],
      }),
    ).toMatchObject({ message: 'success', rename_errors: [] });
    await expect.poll(() => exported('old')).toMatchObject({ external_id: 'new' });
    expect(await braze.users.external_ids.remove({ external_ids: ['old', 'new'] })).toMatchObject({
      message: 'success',
      removed_ids: ['old'],
      removal_errors: [[1, expect.any(String)]],
    });
    await expect.poll(() => exported('old')).toBeUndefined();
  });
});

describe('users.export and users.delete', () => {
  it('export the fields that are asked for, and delete', async () => {
    await attributes({ external_id: 'export', email: 'export@example.com', first_name: 'Jo', x: 1 });
    expect(
      await braze.users.export.ids({
        external_ids: ['export', 'nobody'],
        fields_to_export: ['external_id', 'email', 'custom_attributes'],
      }),
    ).toEqual({
      message: 'success',
      users: [{ external_id: 'export', email: 'export@example.com', custom_attributes: { x: 1 } }],
      invalid_user_ids: ['nobody'],
    });
    expect(await braze.users.delete({ external_ids: ['export'] })).toEqual({
      message: 'success',
      deleted: 1,
    });
    await expect.poll(() => exported('export')).toBeUndefined();
  });
});

describe('subscription', () => {
  it('sets and reads the states of users in groups', async () => {
    const { body } = await post('/hearth/workspace/subscription_groups', { name: 'News', channel: 'email' });
    const { id } = body as { readonly id?: string };
    const subscription_group_id = id!;
    await attributes({ external_id: 'subscriber', email: 'subscriber@example.com', x: 1 });
    expect(
      await braze.subscription.status.set({
        subscription_group_id,
        subscription_state: 'subscribed',
        external_id: ['subscriber'],
        email: ['subscriber@example.com'],
      }),
    ).toEqual({ message: 'success' });
    await expect
      .poll(() => braze.subscription.status.get({ subscription_group_id, external_id: ['subscriber'] }))
      .toEqual({ message: 'success', status: { subscriber: 'Subscribed' } });
    expect(
      await braze.v2.subscription.status.set({
        subscription_groups: [
          { subscription_group_id, subscription_state: 'unsubscribed', external_ids: ['subscriber'] },
        ],
      }),
    ).toEqual({ message: 'success' });
    await expect
      .poll(() => braze.subscription.user.status({ external_id: 'subscriber' }))
      .toEqual({
        message: 'success',
        total_count: 1,
        users: [
          {
            external_id: 'subscriber',
            email: 'subscriber@example.com',
            phone: null,
            subscription_groups: [
              { id: subscription_group_id, name: 'News', channel: 'email', status: 'Unsubscribed' },
            ],
          },
        ],
      });
  });
});

describe('segments', () => {
  it('lists segments, and says what one is', async () => {
    const filter = { custom_attribute: 'tier', op: 'equals', value: 'gold' };
    const { body } = await post('/hearth/segments/create', { name: 'Gold', tags: ['vip'], filter });
    const { id } = body['segment'] as { readonly id: string };
    await expect
      .poll(() => braze.segments.list({ page: 0, sort_direction: 'asc' }))
      .toEqual({
        message: 'success',
        segments: [{ id, name: 'Gold', analytics_tracking_enabled: false, tags: ['vip'] }],
      });
    expect(await braze.segments.details({ segment_id: id })).toMatchObject({
      message: 'success',
      name: 'Gold',
      tags: ['vip'],
    });
  });
});

describe('users.export.segment', () => {
  it('begins an export, and says where its file will be', async () => {
    await attributes({ external_id: 'in-segment', color: 'teal' });
    const filter = { custom_attribute: 'color', op: 'equals', value: 'teal' };
    const { body } = await post('/hearth/segments/create', { name: 'Teal', filter });
    const { id } = body['segment'] as { readonly id: string };
    const {
      message,
      object_prefix,
      url: file,
    } = await braze.users.export.segment({
      segment_id: id,
      fields_to_export: ['external_id'],
    });
    expect([message, typeof object_prefix]).toEqual(['success', 'string']);
    await expect.poll(() => existsSync(new URL(file!)), { timeout: 20_000 }).toBe(true);
  });
});
