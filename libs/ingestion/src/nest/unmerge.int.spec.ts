import { describe, expect, it } from 'vitest';

import { label, put, startIdentityApi, statusOf } from '../testing/identity-api.ts';
import { alias, externalId } from '../testing/known-users.ts';

describe('/hearth/users/unmerge', () => {
  const merged = async () => {
    const deployment = await startIdentityApi();
    const { post, users } = deployment;
    await put(post, { external_id: 'a', x: 1, email: 'a@b.co' }, { external_id: 'b', y: 1 });
    await post('/users/alias/new', { user_aliases: [{ external_id: 'a', ...label('of a') }] });
    const before = { a: await users.by(externalId('a')), b: await users.by(externalId('b')) };
    await post('/users/merge', {
      merge_updates: [
        { identifier_to_merge: { external_id: 'a' }, identifier_to_keep: { external_id: 'b' } },
      ],
    });
    await put(post, { external_id: 'b', later: 1 });
    return { ...deployment, before };
  };

  it.each([
    ['the merged user', { external_id: 'a' }],
    ['the survivor', { external_id: 'b' }],
    ['an alias that moved', { user_alias: label('of a') }],
  ])('restores both by %s; what came later stays with the survivor', async (_what, body) => {
    const { post, users, before } = await merged();
    expect(await users.by(alias('l', 'of a'))).toMatchObject({ external_ids: ['b'] });
    expect(await statusOf(post('/hearth/users/unmerge', body))).toEqual({
      status: 201,
      body: {
        message: 'success',
        restored_braze_id: before.a!.braze_id,
        kept_braze_id: before.b!.braze_id,
      },
    });
    const { updated_at: _a, ...a } = before.a!;
    expect(await users.by(externalId('a'))).toMatchObject(a);
    const b = await users.by(externalId('b'));
    expect(b).toMatchObject({ custom_attributes: { y: 1, later: 1 }, user_aliases: [], fields: {} });
    expect(b?.custom_attributes).not.toHaveProperty('x');
    expect(b?.fields).not.toHaveProperty('email');

    await put(post, { user_alias: label('of a'), again: 1 }, { external_id: 'a', more: 1 });
    expect(await users.by(externalId('a'))).toMatchObject({ custom_attributes: { x: 1, again: 1, more: 1 } });
    expect(await statusOf(post('/hearth/users/unmerge', body))).toMatchObject({ status: 400 });
  });

  it('leaves an external id with whoever took it meanwhile', async () => {
    const { post, users, before } = await merged();
    await put(post, { external_id: 'a', fresh: 1 });
    expect(await post('/hearth/users/unmerge', { braze_id: before.a!.braze_id })).toMatchObject({
      status: 201,
    });
    expect(await users.by(externalId('a'))).toMatchObject({ custom_attributes: { fresh: 1 } });
    expect(await users.by(alias('l', 'of a'))).toMatchObject({
      external_ids: [],
      custom_attributes: { x: 1 },
    });
  });

  it('refuses what is no merge', async () => {
    const { post } = await startIdentityApi();
    await put(post, { external_id: 'a' });
    for (const [body, message] of [
      [{ external_id: 'a' }, 'The user was not merged, and nobody was merged into it'],
      [{ external_id: 'nobody' }, 'No user is known by this identifier'],
      [{}, "Exactly one of 'external_id', 'user_alias' and 'braze_id' is required"],
    ])
      expect(await statusOf(post('/hearth/users/unmerge', body))).toEqual({ status: 400, body: { message } });
  });
});
