import { describe, expect, it } from 'vitest';

import { label, put, startIdentityApi } from '../testing/identity-api.ts';
import { externalId } from '../testing/known-users.ts';

/** Half of a surrogate pair, as clients send ids that were cut in the middle of an emoji; in UTF-8 it turns into the other. */
const [HALF, REPLACED] = ['id\ud83d', 'id\ufffd'];
const GROUP = 'b9b3b5c2-7a94-4b28-8b6e-3f7f0a3f5c61';

const merge = (from: string, into: string) => ({
  merge_updates: [{ identifier_to_merge: { external_id: from }, identifier_to_keep: { external_id: into } }],
});
const rename = (from: string, to: string) => ({
  external_id_renames: [{ current_external_id: from, new_external_id: to }],
});
const identify = (as: string) => ({
  aliases_to_identify: [{ external_id: as, user_alias: label('anonymous') }],
});

const calls: Record<string, (id: string) => readonly [path: string, body: object]> = {
  'a deletion': (id) => ['/users/delete', { external_ids: [id] }],
  'a merge': (id) => ['/users/merge', merge(id, 'kept')],
  'a merge into it': (id) => ['/users/merge', merge('kept', id)],
  'an alias': (id) => ['/users/alias/new', { user_aliases: [{ external_id: id, ...label('added') }] }],
  'a rename': (id) => ['/users/external_ids/rename', rename(id, 'renamed')],
  'a rename to it': (id) => ['/users/external_ids/rename', rename('kept', id)],
  'a removal': (id) => ['/users/external_ids/remove', { external_ids: [id] }],
  'an identification': (id) => ['/users/identify', identify(id)],
  'an unmerge': (id) => ['/hearth/users/unmerge', { external_id: id }],
  'a subscription': (id) => [
    '/subscription/status/set',
    { subscription_group_id: GROUP, subscription_state: 'subscribed', external_id: [id] },
  ],
};

describe.each(Object.entries(calls))('%s', (_what, callFor) => {
  it.each([
    ['half of a surrogate pair', HALF],
    ['NUL', 'id\u0000'],
  ])('is refused for an external id with %s, and concerns nobody', async (_odd, id) => {
    const { post, users, log } = await startIdentityApi();
    await put(
      post,
      { external_id: REPLACED, own: 1 },
      { external_id: 'kept', own: 2 },
      { user_alias: label('anonymous') },
    );
    const before = (await log()).length;
    const { body } = await post(...callFor(id));
    expect(JSON.stringify(body)).toMatch(/'(new_|current_)?external_id' is not valid/);
    expect((await log()).slice(before)).toEqual([]);
    expect(await users.by(externalId(REPLACED))).toMatchObject({
      external_ids: [REPLACED],
      custom_attributes: { own: 1 },
    });
  });
});

describe('an alias', () => {
  it.each([
    [{ alias_name: HALF, alias_label: 'l' }, 'alias_name'],
    [{ alias_name: 'a\u0000', alias_label: 'l' }, 'alias_name'],
    [{ alias_name: 'n', alias_label: '\u0000' }, 'alias_label'],
    [{ alias_name: 'b'.repeat(988), alias_label: 'l' }, 'alias_name'],
    [{ alias_name: 'n', alias_label: 'b'.repeat(988) }, 'alias_label'],
    [{ alias_name: 1, alias_label: 'l' }, 'alias_name'],
  ])('is refused for what its names cannot be, by the one that is at fault (%#)', async (alias, field) => {
    const { post } = await startIdentityApi();
    expect(await post('/users/alias/new', { user_aliases: [alias, label('fine')] })).toMatchObject({
      status: 201,
      body: {
        aliases_processed: 1,
        errors: [{ type: `'${field}' is not valid`, input_array: 'user_identifiers', index: 0 }],
      },
    });
  });
});
