import { describe, expect, it } from 'vitest';

import { now, shareHearth } from './testing/shared-hearth.ts';

/** The acceptance vectors of the user-data API (§20) about who is who, by their numbers. */

const { post, track, exportIds, profile } = shareHearth();

const alias = (alias_name: string) => ({ alias_name, alias_label: 'vector' });

/** A user who is known by an alias alone. */
const trackByAlias = (name: string, object: object) =>
  track({ attributes: [{ user_alias: alias(name), _update_existing_only: false, ...object }] });

const identify = (external_id: string, name: string) =>
  post('/users/identify', { aliases_to_identify: [{ external_id, user_alias: alias(name) }] });

const eventsOf = (external_id: string, count: number) =>
  track({ events: Array.from({ length: count }, () => ({ external_id, name: 'e', time: now() })) });

describe('identify', () => {
  it('28: gives a user known by an alias an external_id', async () => {
    await trackByAlias('v28', { x: 1 });
    const before = await profile({ user_aliases: [alias('v28')] });
    const { status, body } = await identify('v28', 'v28');
    expect([status, body]).toEqual([201, { aliases_processed: 1, message: 'success' }]);
    expect(await profile({ external_ids: ['v28'] })).toEqual({ ...before, external_id: 'v28' });
  });

  it('29: merges into a known user who has no alias of that label; what the user has stays', async () => {
    await track({ attributes: [{ external_id: 'v29', first_name: 'Kept', x: 'kept' }] });
    await trackByAlias('v29', { first_name: 'Lost', last_name: 'Taken', x: 'lost', y: 'taken' });
    await identify('v29', 'v29');
    const merged = await profile({ external_ids: ['v29'] });
    expect(merged).toMatchObject({
      external_id: 'v29',
      first_name: 'Kept',
      last_name: 'Taken',
      custom_attributes: { x: 'kept', y: 'taken' },
      user_aliases: [alias('v29')],
    });
    expect(await profile({ user_aliases: [alias('v29')] })).toEqual(merged);
  });

  it('30: leaves both as they are where the known user has an alias of that label', async () => {
    await track({ attributes: [{ external_id: 'v30', x: 1 }] });
    await post('/users/alias/new', { user_aliases: [{ external_id: 'v30', ...alias('v30-own') }] });
    await trackByAlias('v30', { y: 1 });
    await identify('v30', 'v30');
    expect(await profile({ external_ids: ['v30'] })).toMatchObject({ custom_attributes: { x: 1 } });
    expect(await profile({ user_aliases: [alias('v30')] })).toMatchObject({ custom_attributes: { y: 1 } });
  });
});

describe('merge', () => {
  it('31: adds events up, and leaves nothing under the other name', async () => {
    await eventsOf('v31-a', 2);
    await eventsOf('v31-b', 3);
    const { status, body } = await post('/users/merge', {
      merge_updates: [
        { identifier_to_merge: { external_id: 'v31-a' }, identifier_to_keep: { external_id: 'v31-b' } },
      ],
    });
    expect([status, body]).toEqual([202, { message: 'success' }]);
    expect(await profile({ external_ids: ['v31-b'] })).toMatchObject({
      custom_events: [{ name: 'e', count: 5 }],
    });
    expect(await exportIds({ external_ids: ['v31-a'] })).toMatchObject({
      users: [],
      invalid_user_ids: ['v31-a'],
    });
  });

  it('32: does nothing where several users remain', async () => {
    const email = 'v32@example.com';
    await trackByAlias('v32-a', { email, x: 1 });
    await trackByAlias('v32-b', { email, x: 2 });
    await track({ attributes: [{ external_id: 'v32', y: 1 }] });
    const { status } = await post('/users/merge', {
      merge_updates: [
        {
          identifier_to_merge: { email, prioritization: ['unidentified'] },
          identifier_to_keep: { external_id: 'v32' },
        },
      ],
    });
    expect(status).toBe(202);
    expect(await profile({ external_ids: ['v32'] })).toMatchObject({ custom_attributes: { y: 1 } });
    expect((await exportIds({ email_address: email })).users).toHaveLength(2);
  });
});

describe('external ids', () => {
  it('33: name the same user after a rename, until the old one is removed', async () => {
    await track({ attributes: [{ external_id: 'v33', n: { inc: 1 } }] });
    const renamed = await post('/users/external_ids/rename', {
      external_id_renames: [{ current_external_id: 'v33', new_external_id: 'v33-new' }],
    });
    expect([renamed.status, renamed.body]).toEqual([
      201,
      {
        message: 'success',
        external_ids: [{ current_external_id: 'v33', new_external_id: 'v33-new' }],
        rename_errors: [],
      },
    ]);
    await track({ attributes: [{ external_id: 'v33', n: { inc: 1 } }] });
    await track({ attributes: [{ external_id: 'v33-new', n: { inc: 1 } }] });
    const both = await profile({ external_ids: ['v33', 'v33-new'] });
    expect(both).toMatchObject({ external_id: 'v33-new', custom_attributes: { n: 3 } });

    const removed = await post('/users/external_ids/remove', { external_ids: ['v33'] });
    expect([removed.status, removed.body]).toEqual([
      201,
      { message: 'success', removed_ids: ['v33'], removal_errors: [] },
    ]);
    await track({ attributes: [{ external_id: 'v33', n: { inc: 1 } }] });
    const fresh = await profile({ external_ids: ['v33'] });
    expect(fresh).toMatchObject({ external_id: 'v33', custom_attributes: { n: 1 } });
    expect(fresh!['braze_id']).not.toBe(both!['braze_id']);
  });
});

describe('delete and export', () => {
  it('34: finds nobody by a deleted external_id', async () => {
    await track({ attributes: [{ external_id: 'v34', x: 1 }] });
    const { status, body } = await post('/users/delete', { external_ids: ['v34'] });
    expect([status, body]).toEqual([201, { deleted: 1, message: 'success' }]);
    expect(await exportIds({ external_ids: ['v34'] })).toEqual({
      message: 'success',
      users: [],
      invalid_user_ids: ['v34'],
    });
  });

  it('35: refuses an export of 51 ids', async () => {
    const external_ids = Array.from({ length: 51 }, (_, index) => `v35-${index}`);
    const { status, body } = await post('/users/export/ids', { external_ids });
    expect([status, body]).toEqual([
      400,
      { message: 'The max number of external_ids and aliases per request was exceeded' },
    ]);
  });
});
