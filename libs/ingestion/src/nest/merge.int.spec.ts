import { describe, expect, it } from 'vitest';

import { eventOf, label, put, startIdentityApi, statusOf, success } from '../testing/identity-api.ts';
import { killedAfter } from '../testing/killed-store.ts';
import { alias, externalId } from '../testing/known-users.ts';

describe('/users/merge', () => {
  const merge = (from: object, into: object) => ({
    merge_updates: [{ identifier_to_merge: from, identifier_to_keep: into }],
  });
  const accepted = { status: 202, body: success };

  it('sums events, and leaves nobody under the merged id (vector 31)', async () => {
    const { post, users } = await startIdentityApi();
    const times = (user: string, count: number) =>
      Array.from({ length: count }, () => eventOf({ external_id: user }, 'e'));
    await post('/users/track', { events: [...times('a', 2), ...times('b', 3)] });
    const before = await users.by(externalId('a'));
    expect(await statusOf(post('/users/merge', merge({ external_id: 'a' }, { external_id: 'b' })))).toEqual(
      accepted,
    );
    expect(await users.by(externalId('b'))).toMatchObject({
      external_ids: ['b'],
      custom_events: { e: { count: 5 } },
    });
    expect(await users.by(externalId('a'))).toBeUndefined();
    await put(post, { external_id: 'a', fresh: 1 });
    const fresh = await users.by(externalId('a'));
    expect(fresh).toMatchObject({ custom_attributes: { fresh: 1 }, custom_events: {} });
    expect(fresh?.braze_id).not.toBe(before?.braze_id);
  });

  it('takes identifiers that are null or empty for absent', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { external_id: 'a', x: 1 }, { external_id: 'b' });
    const body = merge({ external_id: 'a', email: null, phone: '' }, { external_id: 'b', user_alias: null });
    expect(await statusOf(post('/users/merge', body))).toEqual(accepted);
    expect(await users.by(externalId('b'))).toMatchObject({ custom_attributes: { x: 1 } });
  });

  it('does nothing where two candidates are left (vector 32), for unknown users and for one user alone', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { external_id: 'k' }, { user_alias: label('a'), email: 'x@y.co' });
    await put(post, { user_alias: label('b'), email: 'x@y.co' });
    const email = { email: 'x@y.co', prioritization: ['unidentified'] };
    for (const body of [
      merge(email, { external_id: 'k' }),
      merge({ external_id: 'nobody' }, { external_id: 'k' }),
      merge({ external_id: 'k' }, { external_id: 'nobody' }),
      merge({ external_id: 'k' }, { external_id: 'k' }),
    ])
      expect(await statusOf(post('/users/merge', body))).toEqual(accepted);
    expect((await users.by(externalId('k')))?.user_aliases).toEqual([]);
    expect(await users.by(alias('l', 'a'))).toBeDefined();

    const least = { email: 'x@y.co', prioritization: ['unidentified', 'least_recently_updated'] };
    expect(await statusOf(post('/users/merge', merge(least, { external_id: 'k' })))).toEqual(accepted);
    expect(await users.by(alias('l', 'a'))).toMatchObject({
      external_ids: ['k'],
      fields: { email: 'x@y.co' },
    });
    expect(await users.by(alias('l', 'b'))).toMatchObject({ external_ids: [] });
  });

  it('frees an alias whose label the survivor has', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { user_alias: label('a'), x: 1 }, { user_alias: label('b'), y: 1 });
    await post('/users/merge', merge({ user_alias: label('a') }, { user_alias: label('b') }));
    expect(await users.by(alias('l', 'b'))).toMatchObject({
      user_aliases: [label('b')],
      custom_attributes: { x: 1, y: 1 },
    });
    expect(await users.by(alias('l', 'a'))).toBeUndefined();
    await put(post, { user_alias: label('a'), fresh: 1 });
    expect(await users.by(alias('l', 'a'))).toMatchObject({ custom_attributes: { fresh: 1 } });
  });

  it('that is half done holds up a write by email until it is finished, and the write goes to the survivor', async () => {
    const { post, users, store, instance, log } = await startIdentityApi();
    await put(post, { email: 'x@y.co', x: 1 }, { external_id: 'k' });
    // The operation, two events that detain the email, and the one that closes its user.
    const killed = await instance({ store: killedAfter(store, 4, { answerLost: false }).store });
    const email = { email: 'x@y.co', prioritization: ['unidentified'] };
    expect(await killed.post('/users/merge', merge(email, { external_id: 'k' }))).toMatchObject({
      status: 504,
    });
    const types = (await log()).map(({ type }) => type);
    expect(types).toContain('MergedInto');
    expect(types).not.toContain('UserMerged');

    const written = put(post, { email: 'x@y.co', y: 1 });
    await instance(); // finishes what it finds
    expect(await written).toMatchObject({ status: 201 });
    expect(await users.by(externalId('k'))).toMatchObject({ custom_attributes: { x: 1, y: 1 } });
    expect((await log()).filter(({ type }) => type === 'UserCreated')).toHaveLength(2);
  });

  it('does nothing where what the user brings is more than an event can carry', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { external_id: 'k' });
    const bulky = Object.fromEntries(Array.from({ length: 350 }, (_, at) => [`k${at}`, 'x'.repeat(250)]));
    for (let n = 0; n < 10; n++) await put(post, { external_id: 'large', [`a${n}`]: bulky });
    expect(
      await statusOf(post('/users/merge', merge({ external_id: 'large' }, { external_id: 'k' }))),
    ).toEqual(accepted);
    expect(await users.by(externalId('large'))).toBeDefined();
  });

  const identifiers =
    "identifiers must be objects with an 'external_id' property that is a string, 'user_alias' property that is an object, 'email' property that is a string, or 'phone' property that is a string";
  const keys = "'merge_updates' must only have 'identifier_to_merge' and 'identifier_to_keep'";
  const known = { external_id: 'a' };
  it.each<[string, unknown]>([
    ["'merge_updates' must be an array of objects", {}],
    ["'merge_updates' must be an array of objects", { merge_updates: {} }],
    ["'merge_updates' must be an array of objects", { merge_updates: ['x'] }],
    ["'merge_updates' must be an array of objects", { merge_updates: [] }],
    [
      'a single request may not contain more than 50 merge updates',
      { merge_updates: Array(51).fill(merge(known, known).merge_updates[0]) },
    ],
    [identifiers, merge({}, known)],
    [identifiers, merge({ external_id: 1 }, known)],
    [identifiers, merge({ user_alias: 'x' }, known)],
    [identifiers, merge(known, { external_id: 'a', email: 'a@b.co' })],
    [identifiers, merge(known, { braze_id: 'a'.repeat(24) })],
    [keys, { merge_updates: [{ identifier_to_merge: known }] }],
    [keys, { merge_updates: [{ identifier_to_merge: known, identifier_to_keep: known, more: 1 }] }],
    ["'prioritization' is required", merge({ email: 'a@b.co' }, known)],
  ])('refuses a request: %s', async (message, body) => {
    const { post } = await startIdentityApi();
    expect(await statusOf(post('/users/merge', body))).toEqual({ status: 400, body: { message } });
  });
});
