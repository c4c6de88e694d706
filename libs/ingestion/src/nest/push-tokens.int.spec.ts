import type { ClaimableIdentifier } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { startDeployment, type Instance } from '../testing/deployment.ts';
import { dyingStore } from '../testing/dying-store.ts';
import { externalId, knownUsers } from '../testing/known-users.ts';

const start = async () => {
  const deployment = await startDeployment();
  const { post } = await deployment.instance();
  const users = knownUsers(deployment);
  return {
    ...deployment,
    post,
    users,
    tokensOf: async (id: string) => (await users.by(externalId(id)))?.push_tokens?.map(({ token }) => token),
    /** Who holds a token: the profile that its claim leads to. */
    holderOf: async (token: string) => {
      const profile = await users.by(named(token));
      return profile && { ids: profile.external_ids, attributes: profile.custom_attributes };
    },
    created: async () => (await deployment.log()).filter(({ type }) => type === 'UserCreated').length,
  };
};
const named = (token: string): ClaimableIdentifier => ({
  kind: 'push_token',
  value: { app_id: 'app', token },
});
const tokens = (...names: readonly string[]) => names.map((token) => ({ app_id: 'app', token }));
const put = (post: Instance['post'], ...attributes: object[]) => post('/users/track', { attributes });
const imported = (...names: readonly string[]) => ({
  push_token_import: true,
  push_tokens: tokens(...names),
  email: 'a@b.co',
  source: 'old system',
});

describe('push_tokens (user-data API §7.1)', () => {
  it('are the profile’s, each with a device, and claimed for it', async () => {
    const { post, users, holderOf } = await start();
    await put(post, { external_id: 'a', push_tokens: tokens('t', 'u') });
    const { push_tokens: held = [] } = (await users.by(externalId('a')))!;
    expect(held).toMatchObject(tokens('t', 'u'));
    expect(new Set(held.map(({ device_id }) => device_id)).size).toBe(2);
    for (const { device_id } of held) expect(device_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await holderOf('t')).toEqual({ ids: ['a'], attributes: {} });
  });

  it('are the same device when they are sent again, and cleared by null', async () => {
    const { post, users, tokensOf } = await start();
    await put(post, { external_id: 'a', push_tokens: tokens('t') });
    const before = (await users.by(externalId('a')))!.push_tokens;
    await put(post, { external_id: 'a', push_tokens: tokens('t') });
    expect((await users.by(externalId('a')))!.push_tokens).toEqual(before);
    await put(post, { external_id: 'a', push_tokens: null });
    expect(await tokensOf('a')).toBeUndefined();
  });

  it('go over to the user who sends them next', async () => {
    const { post, tokensOf, holderOf } = await start();
    await put(post, { external_id: 'a', push_tokens: tokens('t', 'u') });
    await put(post, { external_id: 'b', push_tokens: tokens('t') });
    expect([await tokensOf('a'), await tokensOf('b')]).toEqual([['u'], ['t']]);
    expect(await holderOf('t')).toMatchObject({ ids: ['b'] });
    await put(post, { external_id: 'a', push_tokens: tokens('t') });
    expect([await tokensOf('a'), await tokensOf('b')]).toEqual([['u', 't'], undefined]);
  });
});

describe('push_token_import (§7.3)', () => {
  it('makes an anonymous profile for each token, with the rest of the object', async () => {
    const { post, users, created } = await start();
    const answer = await put(post, imported('t', 'u'));
    expect(answer).toMatchObject({ status: 201, body: { attributes_processed: 1 } });
    expect(answer.headers['x-hearth-position']).toBeTypeOf('string');
    expect(await created()).toBe(2);
    const [one, other] = [(await users.by(named('t')))!, (await users.by(named('u')))!];
    expect(one).toMatchObject({
      external_ids: [],
      fields: { email: 'a@b.co' },
      custom_attributes: { source: 'old system' },
      push_tokens: tokens('t'),
    });
    expect(other.braze_id).not.toBe(one.braze_id);
  });

  it('leaves known tokens alone', async () => {
    const { post, holderOf, created } = await start();
    await put(post, { external_id: 'a', push_tokens: tokens('t') }, imported('u', 'u'));
    expect(await created()).toBe(2);
    await put(post, imported('t', 'u'));
    expect(await created()).toBe(2);
    expect(await holderOf('t')).toEqual({ ids: ['a'], attributes: {} });
  });

  it('takes up a token that its holder cleared', async () => {
    const { post, holderOf } = await start();
    await put(post, { external_id: 'a', push_tokens: tokens('t') });
    await put(post, { external_id: 'a', push_tokens: null });
    await put(post, imported('t'));
    expect(await holderOf('t')).toEqual({ ids: [], attributes: { source: 'old system' } });
  });

  it('is over when the device appears: the token moves and nothing of the imported profile stays', async () => {
    const { post, users, holderOf, log } = await start();
    await put(post, imported('t'));
    const { braze_id } = (await users.by(named('t')))!;
    await put(post, { external_id: 'a', push_tokens: tokens('t') });
    expect(await holderOf('t')).toEqual({ ids: ['a'], attributes: {} });
    const left = (await log()).filter(({ stream }) => stream.endsWith(braze_id));
    expect(left.map(({ type }) => type)).toEqual(['UserDeleted']);
    const { body } = await post('/users/track/sync', { attributes: { braze_id, x: 1 } });
    expect(body).toMatchObject({ users: [] });
  });

  it('keeps an imported profile that has got a name', async () => {
    const { post, users } = await start();
    await put(post, imported('t'));
    const identified = { external_id: 'named', email: 'a@b.co', prioritization: ['unidentified'] };
    await post('/users/identify', { emails_to_identify: [identified] });
    await put(post, { external_id: 'a', push_tokens: tokens('t') });
    expect(await users.by(named('t'))).toMatchObject({ external_ids: ['a'] });
    const kept = await users.by(externalId('named'));
    expect(kept).toMatchObject({ custom_attributes: { source: 'old system' } });
    expect(kept).not.toHaveProperty('push_tokens');
  });

  it('answers a synchronous call with nobody, and makes the profile all the same', async () => {
    const { post, created } = await start();
    const { status, body } = await post('/users/track/sync', { attributes: imported('t') });
    expect({ status, body }).toEqual({ status: 201, body: { users: [], message: 'success' } });
    expect(await created()).toBe(1);
  });

  it('refuses tokens for users who are not named by an external_id, with their index', async () => {
    const { post } = await start();
    const { body } = await put(
      post,
      { external_id: 'a', push_tokens: tokens('t') },
      { email: 'a@b.co', push_tokens: tokens('u') },
    );
    expect(body).toMatchObject({
      attributes_processed: 1,
      errors: [
        {
          type: "'push_tokens' need an 'external_id', or 'push_token_import'",
          input_array: 'attributes',
          index: 1,
        },
      ],
    });
  });

  it('has one holder in the end, wherever the process dies that moves it', async () => {
    const { instance, post, store, log, tokensOf, holderOf } = await start();
    for (let nth = 0; nth < 6; nth++)
      for (const when of ['before', 'after'] as const) {
        const [user, token] = [`user ${nth} ${when}`, `token ${nth} ${when}`];
        await put(post, imported(token), { external_id: user });
        const dying = dyingStore(store, nth, when);
        const other = await instance({ store: dying.store });
        const known = (await log()).length;
        const gain = { attributes: [{ external_id: user, push_tokens: tokens(token) }] };
        const answered = other.post('/users/track', gain).then(({ status }) => status);
        const ended = await Promise.race([answered, dying.death.then(() => 'died')]);
        await instance({ clockAhead: 60_000 });
        const started = (await log()).slice(known).some(({ type }) => type === 'OperationStarted');
        // Where nobody was answered and nothing is to be finished, the call is made again and comes to the same.
        if (ended !== 201 && !started) await put(post, ...gain.attributes);
        await expect.poll(() => holderOf(token)).toEqual({ ids: [user], attributes: {} });
        expect(await tokensOf(user)).toEqual([token]);
      }
  });
});
