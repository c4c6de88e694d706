import { describe, expect, it } from 'vitest';

import { eventOf, label, put, startIdentityApi, statusOf, success } from '../testing/identity-api.ts';
import { alias, externalId } from '../testing/known-users.ts';

describe('/users/identify', () => {
  const byAlias = (external_id: string, name: string) => ({
    aliases_to_identify: [{ external_id, user_alias: label(name) }],
  });
  const done = { status: 201, body: { aliases_processed: 1, message: 'success' } };

  it('gives the profile of an alias an unknown external id (vector 28)', async () => {
    const { post, users } = await startIdentityApi();
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
    const { post, users } = await startIdentityApi();
    await put(post, { user_alias: label('a'), x: 1, y: 1, first_name: 'A', country: 'US' });
    await put(post, { external_id: 'u1', x: 2, first_name: 'B', user_alias: null });
    await post('/users/track', {
      events: [
        eventOf({ user_alias: label('a') }, 'e', '2025-01-01T00:00:00Z'),
        eventOf({ external_id: 'u1' }, 'e', '2026-01-01T00:00:00Z'),
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
    const { post, users } = await startIdentityApi();
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
    const { post, users } = await startIdentityApi();
    expect(await statusOf(post('/users/identify', byAlias('u1', 'nobody')))).toEqual(done);
    expect(await users.by(externalId('u1'))).toBeUndefined();
  });

  it('moves aliases alone where nothing is to be merged', async () => {
    const { post, users } = await startIdentityApi();
    await put(post, { user_alias: label('a'), x: 1 }, { external_id: 'u1' });
    await post('/users/identify', { ...byAlias('u1', 'a'), merge_behavior: 'none' });
    expect(await users.by(externalId('u1'))).toMatchObject({
      user_aliases: [label('a')],
      custom_attributes: {},
    });
  });

  it.each([null, 'all', '', 5, { none: true }])('merges where the behavior is %j', async (merge_behavior) => {
    const { post, users } = await startIdentityApi();
    await put(post, { user_alias: label('a'), x: 1 }, { external_id: 'u1' });
    const answer = await post('/users/identify', { ...byAlias('u1', 'a'), merge_behavior });
    expect(answer).toMatchObject({ status: 201, body: { aliases_processed: 1 } });
    expect(await users.by(externalId('u1'))).toMatchObject({ custom_attributes: { x: 1 } });
  });

  it('takes emails and phones with a prioritization', async () => {
    const { post, users } = await startIdentityApi();
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
    const { post } = await startIdentityApi();
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
