import { describe, expect, it } from 'vitest';

import { startDeployment, type Instance } from '../testing/deployment.ts';
import { killedAfter } from '../testing/killed-store.ts';
import { alias, externalId, knownUsers } from '../testing/known-users.ts';

const start = async () => {
  const deployment = await startDeployment();
  const { post, http } = await deployment.instance();
  return { ...deployment, http, post, users: knownUsers(deployment) };
};

const label = (alias_name: string, alias_label = 'l') => ({ alias_name, alias_label });
const success = { message: 'success' };
const event = (user: object, name: string, time = '2026-01-01T00:00:00Z') => ({
  ...user,
  name,
  time,
  _update_existing_only: false,
});
const put = (post: Instance['post'], ...attributes: object[]) =>
  post('/users/track', {
    attributes: attributes.map((object) => ({ _update_existing_only: false, ...object })),
  });
const statusOf = async (answer: Promise<{ status: number; body: unknown }>) => {
  const { status, body } = await answer;
  return { status, body };
};

describe('/users/alias/new', () => {
  it('adds to a known user, makes a user of its own, and ignores an unknown external id', async () => {
    const { post, users } = await start();
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
    const { post, users } = await start();
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
    const { post } = await start();
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
    const { post } = await start();
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
    const { post, users } = await start();
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
    const { post, users } = await start();
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
    const { post } = await start();
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

describe('/users/external_ids/rename and remove', () => {
  const rename = (from: unknown, to: unknown) => ({ current_external_id: from, new_external_id: to });

  it('keep the user under both ids until the old one is removed (vector 33)', async () => {
    const { post, users } = await start();
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
    const { post } = await start();
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

describe('/users/identify', () => {
  const byAlias = (external_id: string, name: string) => ({
    aliases_to_identify: [{ external_id, user_alias: label(name) }],
  });
  const done = { status: 201, body: { aliases_processed: 1, message: 'success' } };

  it('gives the profile of an alias an unknown external id (vector 28)', async () => {
    const { post, users } = await start();
    await put(post, { user_alias: label('a'), x: 1 });
    expect(await statusOf(post('/users/identify', byAlias('u1', 'a')))).toEqual(done);
    expect(await users.by(externalId('u1'))).toMatchObject({
      external_ids: ['u1'],
      user_aliases: [label('a')],
      custom_attributes: { x: 1 },
    });
    expect(await statusOf(post('/users/identify', byAlias('u1', 'a')))).toEqual(done);
    await put(post, { external_id: 'u1', y: 1 });
    expect(await users.by(alias('l', 'a'))).toMatchObject({ custom_attributes: { x: 1, y: 1 } });
  });

  it('merges the profile of an alias into a known one that lacks the label (vector 29)', async () => {
    const { post, users } = await start();
    await put(post, { user_alias: label('a'), x: 1, y: 1, first_name: 'A', country: 'US' });
    await put(post, { external_id: 'u1', x: 2, first_name: 'B', user_alias: null });
    await post('/users/track', {
      events: [
        event({ user_alias: label('a') }, 'e', '2025-01-01T00:00:00Z'),
        event({ external_id: 'u1' }, 'e', '2026-01-01T00:00:00Z'),
      ],
    });
    expect(await statusOf(post('/users/identify', byAlias('u1', 'a')))).toEqual(done);
    const merged = {
      external_ids: ['u1'],
      user_aliases: [label('a')],
      fields: { first_name: 'B', country: 'US' },
      custom_attributes: { x: 2, y: 1 },
      custom_events: {
        e: { count: 2, first: '2025-01-01T00:00:00.000Z', last: '2026-01-01T00:00:00.000Z' },
      },
    };
    expect(await users.by(externalId('u1'))).toMatchObject(merged);
    await put(post, { user_alias: label('a'), later: 1 });
    expect(await users.by(externalId('u1'))).toMatchObject({ custom_attributes: { later: 1 } });
  });

  it('does not merge where the known one has the label (vector 30), nor an identified one', async () => {
    const { post, users } = await start();
    await put(post, { user_alias: label('a'), x: 1 }, { external_id: 'u1' }, { external_id: 'u2' });
    await post('/users/alias/new', {
      user_aliases: [
        { external_id: 'u1', ...label('own') },
        { external_id: 'u2', ...label('of u2', 'm') },
      ],
    });
    expect(await statusOf(post('/users/identify', byAlias('u1', 'a')))).toEqual(done);
    expect(await users.by(alias('l', 'a'))).toMatchObject({ external_ids: [], custom_attributes: { x: 1 } });
    const other = { aliases_to_identify: [{ external_id: 'u1', user_alias: label('of u2', 'm') }] };
    expect(await statusOf(post('/users/identify', other))).toEqual(done);
    expect(await users.by(externalId('u2'))).toMatchObject({ user_aliases: [label('of u2', 'm')] });
  });

  it('passes over an unknown alias', async () => {
    const { post, users } = await start();
    expect(await statusOf(post('/users/identify', byAlias('u1', 'nobody')))).toEqual(done);
    expect(await users.by(externalId('u1'))).toBeUndefined();
  });

  it('moves aliases alone where nothing is to be merged', async () => {
    const { post, users } = await start();
    await put(post, { user_alias: label('a'), x: 1 }, { external_id: 'u1' });
    await post('/users/identify', { ...byAlias('u1', 'a'), merge_behavior: 'none' });
    expect(await users.by(externalId('u1'))).toMatchObject({
      user_aliases: [label('a')],
      custom_attributes: {},
    });
  });

  it.each([null, 'all', '', 5, { none: true }])('merges where the behavior is %j', async (merge_behavior) => {
    const { post, users } = await start();
    await put(post, { user_alias: label('a'), x: 1 }, { external_id: 'u1' });
    const answer = await post('/users/identify', { ...byAlias('u1', 'a'), merge_behavior });
    expect(answer).toMatchObject({ status: 201, body: { aliases_processed: 1 } });
    expect(await users.by(externalId('u1'))).toMatchObject({ custom_attributes: { x: 1 } });
  });

  it('takes emails and phones with a prioritization', async () => {
    const { post, users } = await start();
    await put(post, { email: 'A@b.co', x: 1 }, { phone: '+15045551234', x: 2 });
    expect(
      await statusOf(
        post('/users/identify', {
          emails_to_identify: [{ external_id: 'u1', email: 'a@B.co', prioritization: ['unidentified'] }],
          phone_numbers_to_identify: [
            { external_id: 'u2', phone: '15045551234', prioritization: ['most_recently_updated'] },
          ],
        }),
      ),
    ).toEqual({ status: 201, body: { emails_processed: 1, phone_numbers_processed: 1, ...success } });
    expect(await users.by(externalId('u1'))).toMatchObject({ custom_attributes: { x: 1 } });
    expect(await users.by(externalId('u2'))).toMatchObject({ custom_attributes: { x: 2 } });
  });

  it('says what is wrong with an entry', async () => {
    const { post } = await start();
    const entry = { external_id: 'u1', email: 'a@b.co' };
    const { body } = await post('/users/identify', {
      emails_to_identify: [
        { ...entry, prioritization: ['most_recently_updated', 'least_recently_updated'] },
        { ...entry, prioritization: ['identified', 'unidentified'] },
        entry,
        { ...entry, prioritization: ['newest'] },
        { email: 'a@b.co', prioritization: ['identified'] },
        { external_id: 'u1', email: 'a', prioritization: ['identified'] },
      ],
      aliases_to_identify: [{ external_id: 'u1' }],
    });
    const both = (a: string, b: string) =>
      `Request can not contain both of '${a}' and '${b}' values in the 'prioritization' array`;
    expect(body).toEqual({
      aliases_processed: 0,
      emails_processed: 0,
      message: 'success',
      errors: [
        ["'user_alias' is required", 0],
        [both('most_recently_updated', 'least_recently_updated'), 0],
        [both('identified', 'unidentified'), 1],
        ["'prioritization' is required", 2],
        ["'prioritization' is not valid", 3],
        ["'external_id' is required", 4],
        ["The value provided for the 'email' field is not a valid email.", 5],
      ].map(([type, index]) => ({ type, input_array: 'user_identifiers', index })),
    });
  });
});

describe('/users/merge', () => {
  const merge = (from: object, into: object) => ({
    merge_updates: [{ identifier_to_merge: from, identifier_to_keep: into }],
  });
  const accepted = { status: 202, body: success };

  it('sums events, and leaves nobody under the merged id (vector 31)', async () => {
    const { post, users } = await start();
    const times = (user: string, count: number) =>
      Array.from({ length: count }, () => event({ external_id: user }, 'e'));
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
    const { post, users } = await start();
    await put(post, { external_id: 'a', x: 1 }, { external_id: 'b' });
    const body = merge({ external_id: 'a', email: null, phone: '' }, { external_id: 'b', user_alias: null });
    expect(await statusOf(post('/users/merge', body))).toEqual(accepted);
    expect(await users.by(externalId('b'))).toMatchObject({ custom_attributes: { x: 1 } });
  });

  it('does nothing where two candidates are left (vector 32), for unknown users and for one user alone', async () => {
    const { post, users } = await start();
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
    const { post, users } = await start();
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
    const { post, users, store, instance, log } = await start();
    await put(post, { email: 'x@y.co', x: 1 }, { external_id: 'k' });
    const killed = await instance({ store: killedAfter(store, 2, { answerLost: false }).store });
    const email = { email: 'x@y.co', prioritization: ['unidentified'] };
    expect(await killed.post('/users/merge', merge(email, { external_id: 'k' }))).toMatchObject({
      status: 504,
    });
    expect((await log()).map(({ type }) => type)).not.toContain('UserMerged');

    const written = put(post, { email: 'x@y.co', y: 1 });
    await instance(); // finishes what it finds
    expect(await written).toMatchObject({ status: 201 });
    expect(await users.by(externalId('k'))).toMatchObject({ custom_attributes: { x: 1, y: 1 } });
    expect((await log()).filter(({ type }) => type === 'UserCreated')).toHaveLength(2);
  });

  it('does nothing where what the user brings is more than an event can carry', async () => {
    const { post, users } = await start();
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
    const { post } = await start();
    expect(await statusOf(post('/users/merge', body))).toEqual({ status: 400, body: { message } });
  });
});

describe('/hearth/users/unmerge', () => {
  const merged = async () => {
    const deployment = await start();
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
    const { post } = await start();
    await put(post, { external_id: 'a' });
    for (const [body, message] of [
      [{ external_id: 'a' }, 'The user was not merged, and nobody was merged into it'],
      [{ external_id: 'nobody' }, 'No user is known by this identifier'],
      [{}, "Exactly one of 'external_id', 'user_alias' and 'braze_id' is required"],
    ])
      expect(await statusOf(post('/hearth/users/unmerge', body))).toEqual({ status: 400, body: { message } });
  });
});

describe('/users/delete', () => {
  it('counts what was asked for, and makes way for a fresh user (vector 34)', async () => {
    const { post, users } = await start();
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
    const { post, users } = await start();
    await put(post, { external_id: 'a' });
    await post('/users/external_ids/rename', {
      external_id_renames: [{ current_external_id: 'a', new_external_id: 'a2' }],
    });
    await post('/users/delete', { external_ids: ['a'] });
    expect(await users.by(externalId('a2'))).toBeUndefined();
  });

  it('says what is wrong with an entry', async () => {
    const { post } = await start();
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
