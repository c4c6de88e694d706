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

  const merge = (from: string, into: string) => ({
    merge_updates: [
      { identifier_to_merge: { external_id: from }, identifier_to_keep: { external_id: into } },
    ],
  });

  /** Users a, b and c of whom each has a word of its own, and calls about them one after the other. */
  const people = async () => {
    const deployment = await startIdentityApi();
    const { post, log } = deployment;
    await put(post, ...['a', 'b', 'c'].map((id) => ({ external_id: id, [`of_${id}`]: `word-${id}` })));
    const calls = {
      merge: (from: string, into: string) => post('/users/merge', merge(from, into)),
      unmerge: (id: string) => post('/hearth/users/unmerge', { external_id: id }),
      delete: (id: string) => post('/users/delete', { external_ids: [id] }),
    };
    const act = async (...acts: readonly (readonly [keyof typeof calls, string, string?])[]) => {
      for (const [call, one, other] of acts)
        expect([call, one, (await calls[call](one, other!)).status < 300]).toEqual([call, one, true]);
    };
    const wordsInLog = async () => {
      const text = JSON.stringify(await log());
      return ['word-a', 'word-b', 'word-c'].filter((word) => text.includes(word));
    };
    return { ...deployment, act, wordsInLog };
  };
  const attributesOf = async ({ users }: Awaited<ReturnType<typeof people>>, id: string) =>
    (await users.by(externalId(id)))?.custom_attributes;

  it('leaves nothing with somebody who took the person over, gave it back, and was merged away', async () => {
    const all = await people();
    const { act, wordsInLog } = all;
    await act(['merge', 'a', 'b'], ['unmerge', 'a'], ['merge', 'b', 'c'], ['delete', 'a']);
    expect(await wordsInLog()).toEqual(['word-b', 'word-c']);
    expect(await attributesOf(all, 'b')).toBeUndefined();
    expect(await attributesOf(all, 'c')).toEqual({ of_b: 'word-b', of_c: 'word-c' });
    // The merge that was underneath can be taken back all the same, and be done again.
    await act(['unmerge', 'b']);
    expect(await attributesOf(all, 'b')).toEqual({ of_b: 'word-b' });
    expect(await attributesOf(all, 'c')).toEqual({ of_c: 'word-c' });
    await act(['merge', 'b', 'c'], ['unmerge', 'b'], ['delete', 'b']);
    expect(await wordsInLog()).toEqual(['word-c']);
    expect(await attributesOf(all, 'c')).toEqual({ of_c: 'word-c' });
  });

  it('leaves nothing with somebody who took the person over as a part of another one', async () => {
    const all = await people();
    const { act, wordsInLog } = all;
    await act(['merge', 'a', 'b'], ['merge', 'b', 'c'], ['unmerge', 'b'], ['unmerge', 'a'], ['delete', 'a']);
    expect(await wordsInLog()).toEqual(['word-b', 'word-c']);
    expect(await attributesOf(all, 'b')).toEqual({ of_b: 'word-b' });
    expect(await attributesOf(all, 'c')).toEqual({ of_c: 'word-c' });
    await act(['delete', 'b']);
    expect(await wordsInLog()).toEqual(['word-c']);
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
