import { describe, expect, it } from 'vitest';

import { label, put, startIdentityApi, statusOf } from '../testing/identity-api.ts';
import { alias, externalId } from '../testing/known-users.ts';

describe('/users/delete', () => {
  it('counts what was asked for, and makes way for a fresh user (vector 34)', async () => {
    const { post, users } = await startIdentityApi();
    await put(
      post,
      { external_id: 'a', x: 1 },
      { user_alias: label('b') },
      { email: 'c@d.co' },
      { phone: '+15045551234' },
    );
    await put(post, { external_id: 'e' });
    const before = await users.by(externalId('a'));
    const brazeId = (await users.by(externalId('e')))!.braze_id;
    expect(
      await statusOf(
        post('/users/delete', {
          external_ids: ['a', 'nobody'],
          braze_ids: [brazeId],
          user_aliases: [label('b')],
          email_addresses: [{ email: 'c@d.co', prioritization: ['most_recently_updated'] }],
          phone_numbers: [{ phone: '+15045551234', prioritization: ['unidentified'] }],
        }),
      ),
    ).toEqual({ status: 201, body: { deleted: 6, message: 'success' } });
    for (const identifier of [externalId('a'), alias('l', 'b'), externalId('e')])
      expect(await users.by(identifier)).toBeUndefined();
    await put(post, { external_id: 'a', fresh: 1 }, { email: 'c@d.co', fresh: 1 });
    const fresh = await users.by(externalId('a'));
    expect(fresh).toMatchObject({ custom_attributes: { fresh: 1 } });
    expect(fresh?.custom_attributes).not.toHaveProperty('x');
    expect(fresh?.braze_id).not.toBe(before?.braze_id);
  });

  it('takes the whole profile by a deprecated id', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { external_id: 'a' });
    await post('/users/external_ids/rename', {
      external_id_renames: [{ current_external_id: 'a', new_external_id: 'a2' }],
    });
    await post('/users/delete', { external_ids: ['a'] });
    expect(await users.by(externalId('a2'))).toBeUndefined();
  });

  it('says what is wrong with an entry', async () => {
    const { post } = await startIdentityApi();
    expect(
      await statusOf(
        post('/users/delete', {
          external_ids: ['', 'x'],
          email_addresses: ['a@b.co', { email: 'a@b.co', prioritization: ['least_recently_updated'] }],
        }),
      ),
    ).toEqual({
      status: 201,
      body: {
        deleted: 1,
        message: 'success',
        errors: [
          { type: "'external_id' is required", input_array: 'external_ids', index: 0 },
          { type: "'email' is required", input_array: 'email_addresses', index: 0 },
          { type: "'prioritization' is not valid", input_array: 'email_addresses', index: 1 },
        ],
      },
    });
  });
});
