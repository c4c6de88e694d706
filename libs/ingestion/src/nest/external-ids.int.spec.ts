import { describe, expect, it } from 'vitest';

import { put, startIdentityApi, statusOf } from '../testing/identity-api.ts';
import { externalId } from '../testing/known-users.ts';

describe('/users/external_ids/rename and remove', () => {
  const rename = (from: unknown, to: unknown) => ({ current_external_id: from, new_external_id: to });

  it('keep the user under both ids until the old one is removed (vector 33)', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { external_id: 'a', x: 1 });
    expect(
      await statusOf(post('/users/external_ids/rename', { external_id_renames: [rename('a', 'a2')] })),
    ).toEqual({
      status: 201,
      body: { message: 'success', external_ids: [rename('a', 'a2')], rename_errors: [] },
    });
    await put(post, { external_id: 'a', y: 1 }, { external_id: 'a2', z: 1 });
    const both = { external_ids: ['a', 'a2'], custom_attributes: { x: 1, y: 1, z: 1 } };
    expect(await users.by(externalId('a'))).toMatchObject(both);
    expect(await users.by(externalId('a2'))).toMatchObject(both);

    expect(await statusOf(post('/users/external_ids/remove', { external_ids: ['a'] }))).toEqual({
      status: 201,
      body: { message: 'success', removed_ids: ['a'], removal_errors: [] },
    });
    await put(post, { external_id: 'a', fresh: 1 });
    expect(await users.by(externalId('a'))).toMatchObject({ custom_attributes: { fresh: 1 } });
    expect(await users.by(externalId('a2'))).toMatchObject({ external_ids: ['a2'] });
  });

  it('refuse entries one by one', async () => {
    const { post } = await startIdentityApi();
    await put(post, { external_id: 'a' }, { external_id: 'b' });
    await post('/users/external_ids/rename', { external_id_renames: [rename('a', 'a2')] });
    const { body } = await post('/users/external_ids/rename', {
      external_id_renames: [
        rename('nobody', 'x'),
        rename('a', 'x'),
        rename('b', 'a'),
        rename('b', 'a2'),
        rename('b', 'b'),
        rename('b', null),
        rename('b', 'b2'),
      ],
    });
    expect(body).toEqual({
      message: 'success',
      external_ids: [rename('b', 'b2')],
      rename_errors: [
        [0, 'The current external_id does not exist'],
        [1, 'The current external_id is deprecated: only a primary external_id can be renamed'],
        [2, 'The new external_id is already in use'],
        [3, 'The new external_id is already in use'],
        [4, "'current_external_id' and 'new_external_id' must differ"],
        [5, "'new_external_id' is required"],
      ],
    });
    expect(
      await statusOf(post('/users/external_ids/remove', { external_ids: ['a2', 'nobody', null, 'a'] })),
    ).toEqual({
      status: 201,
      body: {
        message: 'success',
        removed_ids: ['a'],
        removal_errors: [
          [0, 'The external_id is a primary one: only a deprecated external_id can be removed'],
          [1, 'The external_id does not exist'],
          [2, "'external_id' is required"],
        ],
      },
    });
  });
});
