import { describe, expect, it } from 'vitest';

import { label, put, startIdentityApi, statusOf, success } from '../testing/identity-api.ts';
import { alias, externalId } from '../testing/known-users.ts';

describe('/users/alias/new', () => {
  it('adds to a known user, makes a user of its own, and ignores an unknown external id', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { external_id: 'u1', x: 1 });
    const answer = await post('/users/alias/new', {
      user_aliases: [
        { external_id: 'u1', ...label('a') },
        { user_alias: label('b') },
        { external_id: 'nobody', ...label('c') },
      ],
      partner: 'x',
    });
    expect(answer).toMatchObject({ status: 201, body: { aliases_processed: 3, message: 'success' } });
    expect(answer.headers['x-hearth-position']).toBeTypeOf('string');
    expect(await users.by(alias('l', 'a'))).toMatchObject({
      external_ids: ['u1'],
      custom_attributes: { x: 1 },
    });
    expect(await users.by(alias('l', 'b'))).toMatchObject({ external_ids: [], user_aliases: [label('b')] });
    expect(await users.by(alias('l', 'c'))).toBeUndefined();
    expect(await users.by(externalId('nobody'))).toBeUndefined();
  });

  it('changes nothing for a pair that is taken or a label that has a name', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { external_id: 'u1' }, { external_id: 'u2' });
    for (const entry of [
      { external_id: 'u1', ...label('a') },
      { external_id: 'u2', ...label('a') },
      { external_id: 'u1', ...label('other') },
      { external_id: 'u1', ...label('a') },
      label('a'),
    ])
      expect(await statusOf(post('/users/alias/new', { user_aliases: [entry] }))).toEqual({
        status: 201,
        body: { aliases_processed: 1, ...success },
      });
    expect(await users.by(alias('l', 'a'))).toMatchObject({ external_ids: ['u1'] });
    expect((await users.by(externalId('u2')))?.user_aliases).toEqual([]);
    expect(await users.by(alias('l', 'other'))).toBeUndefined();
  });

  it('names what is wrong with an entry, by its place as sent', async () => {
    const { post } = await startIdentityApi();
    const bad = [{ alias_label: 'l' }, { alias_name: 'n' }, 'x', { ...label('n'), external_id: {} }];
    expect(await statusOf(post('/users/alias/new', { user_aliases: [...bad, label('n')] }))).toEqual({
      status: 201,
      body: {
        aliases_processed: 1,
        message: 'success',
        errors: [
          ["'alias_name' is required", 0],
          ["'alias_label' is required", 1],
          ["'alias_name' is required", 2],
          ["'external_id' is not valid", 3],
        ].map(([type, index]) => ({ type, input_array: 'user_identifiers', index })),
      },
    });
    expect(await post('/users/alias/new', { user_aliases: [{}] })).toMatchObject({
      status: 201,
      body: { aliases_processed: 0, message: 'success' },
    });
  });

  it.each([
    ['/users/alias/new', 'user_aliases', label('x')],
    ['/users/alias/update', 'alias_updates', {}],
    ['/users/external_ids/rename', 'external_id_renames', {}],
    ['/users/external_ids/remove', 'external_ids', 'x'],
    ['/users/identify', 'aliases_to_identify', {}],
    ['/users/delete', 'external_ids', 'x'],
  ])('like all of them takes 1 to 50 entries: %s', async (path, key, entry) => {
    const { post } = await startIdentityApi();
    expect(await post(path, { [key]: Array(50).fill(entry) })).toMatchObject({ status: 201 });
    expect(await statusOf(post(path, { [key]: Array(51).fill(entry) }))).toEqual({
      status: 400,
      body: { message: 'The max number of ids per request was exceeded' },
    });
    for (const body of [{}, { [key]: [] }, { [key]: 'x' }, []])
      expect(await post(path, body)).toMatchObject({ status: 400, body: { message: expect.any(String) } });
  });
});

describe('/users/alias/update', () => {
  it('gives the alias its new name and frees the old one', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { user_alias: label('a'), x: 1 });
    const update = { alias_label: 'l', old_alias_name: 'a', new_alias_name: 'b' };
    expect(await statusOf(post('/users/alias/update', { alias_updates: [update] }))).toEqual({
      status: 201,
      body: { aliases_processed: 1, ...success },
    });
    expect(await users.by(alias('l', 'b'))).toMatchObject({
      custom_attributes: { x: 1 },
      user_aliases: [label('b')],
    });
    expect(await users.by(alias('l', 'a'))).toBeUndefined();
    await put(post, { user_alias: label('a'), x: 2 });
    expect(await users.by(alias('l', 'a'))).toMatchObject({ custom_attributes: { x: 2 } });
    expect(await users.by(alias('l', 'b'))).toMatchObject({ custom_attributes: { x: 1 } });
  });

  it('changes nothing for an unknown alias, a name that is taken, and the same name', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { user_alias: label('a'), x: 1 }, { user_alias: label('b'), x: 2 });
    for (const [from, to] of [
      ['nobody', 'c'],
      ['a', 'b'],
      ['a', 'a'],
    ])
      expect(
        await post('/users/alias/update', {
          alias_updates: [{ alias_label: 'l', old_alias_name: from, new_alias_name: to }],
        }),
      ).toMatchObject({ status: 201, body: { aliases_processed: 1 } });
    expect(await users.by(alias('l', 'a'))).toMatchObject({ custom_attributes: { x: 1 } });
    expect(await users.by(alias('l', 'b'))).toMatchObject({ custom_attributes: { x: 2 } });
    expect(await users.by(alias('l', 'c'))).toBeUndefined();
  });

  it('asks for all three', async () => {
    const { post } = await startIdentityApi();
    expect(await statusOf(post('/users/alias/update', { alias_updates: [{ alias_label: 'l' }] }))).toEqual({
      status: 201,
      body: {
        aliases_processed: 0,
        message: 'success',
        errors: [{ type: "'old_alias_name' is required", input_array: 'user_identifiers', index: 0 }],
      },
    });
  });
});
