import { describe, expect, it } from 'vitest';

import { startDeployment, type Instance } from '../testing/deployment.ts';
import { dyingStore } from '../testing/dying-store.ts';
import { externalId, knownUsers } from '../testing/known-users.ts';

const EMAILS = 'b9b3b5c2-7a94-4b28-8b6e-3f7f0a3f5c61';
const TEXTS = '5d0f7f1e-9a55-4a0b-8f5c-0e6a7d2f1b22';
const UNHEARD = '2f1b5e36-5f2a-4d1c-9d9c-8b8e2a6ecb6f';

const start = async () => {
  const deployment = await startDeployment();
  const { post } = await deployment.instance();
  const users = knownUsers(deployment);
  const profileOf = async (id: string) => (await users.by(externalId(id)))!;
  return {
    ...deployment,
    post,
    profileOf,
    groups: async (id: string) =>
      Object.fromEntries(
        Object.entries((await profileOf(id)).subscription_groups ?? {}).map(([group, { state }]) => [
          group,
          state,
        ]),
      ),
    emailState: async (id: string) => (await profileOf(id)).fields.email_subscribe,
    typesOf: async () => (await deployment.log()).map(({ type }) => type),
  };
};
const put = (post: Instance['post'], ...attributes: object[]) => post('/users/track', { attributes });
const group = (subscription_group_id: string, subscription_state: string) => ({
  subscription_group_id,
  subscription_state,
});
const createGroups = async (post: Instance['post']) => {
  await post('/hearth/workspace/subscription_groups', { id: EMAILS, name: 'News', channel: 'email' });
  await post('/hearth/workspace/subscription_groups', { id: TEXTS, name: 'Offers', channel: 'sms' });
};
const family = [
  { external_id: 'a', email: 'home@b.co', phone: '+15045550111' },
  { external_id: 'b', email: 'Home@B.co' },
  { external_id: 'c', email: 'c@b.co', phone: '+15045550111' },
];

describe('subscription states of an address (user-data API §7.2)', () => {
  it('email_subscribe is set on everybody with the same email', async () => {
    const { post, emailState } = await start();
    await put(post, ...family);
    expect((await put(post, { external_id: 'a', email_subscribe: 'unsubscribed' })).status).toBe(201);
    expect([await emailState('a'), await emailState('b'), await emailState('c')]).toEqual([
      'unsubscribed',
      'unsubscribed',
      undefined,
    ]);
    await post('/users/track/sync', { attributes: { external_id: 'b', email_subscribe: 'opted_in' } });
    expect([await emailState('a'), await emailState('b')]).toEqual(['opted_in', 'opted_in']);
    await put(post, { external_id: 'a', email_subscribe: null });
    expect([await emailState('a'), await emailState('b')]).toEqual([undefined, undefined]);
  });

  it('goes by the email that the same object sets', async () => {
    const { post, emailState } = await start();
    await put(post, ...family);
    await put(post, { external_id: 'a', email: 'c@b.co', email_subscribe: 'opted_in' });
    expect([await emailState('b'), await emailState('c')]).toEqual([undefined, 'opted_in']);
  });

  it('email groups go along the email, SMS groups along the phone', async () => {
    const { post, groups } = await start();
    await createGroups(post);
    await put(post, ...family);
    await put(post, {
      external_id: 'a',
      subscription_groups: [group(EMAILS, 'subscribed'), group(TEXTS, 'unsubscribed')],
    });
    expect([await groups('a'), await groups('b'), await groups('c')]).toEqual([
      { [EMAILS]: 'subscribed', [TEXTS]: 'unsubscribed' },
      { [EMAILS]: 'subscribed' },
      { [TEXTS]: 'unsubscribed' },
    ]);
  });

  it('of a merged user come along with the address that they are for, and with no other', async () => {
    const { post, groups, profileOf } = await start();
    await createGroups(post);
    const both = [group(EMAILS, 'subscribed'), group(TEXTS, 'subscribed')];
    const addresses = { email: 'from@b.co', phone: '+15045550111' };
    const merge = async (kept: object): Promise<string> => {
      const [from, into] = [crypto.randomUUID(), crypto.randomUUID()];
      await put(
        post,
        { external_id: from, ...addresses, subscription_groups: both },
        { external_id: into, ...kept },
      );
      const update = {
        identifier_to_merge: { external_id: from },
        identifier_to_keep: { external_id: into },
      };
      expect((await post('/users/merge', { merge_updates: [update] })).status).toBe(202);
      expect((await profileOf(into)).fields).toEqual({ ...addresses, ...kept });
      return into;
    };
    expect(await groups(await merge({ phone: '+15045550222' }))).toEqual({ [EMAILS]: 'subscribed' });
    expect(await groups(await merge({ email: 'kept@b.co' }))).toEqual({ [TEXTS]: 'subscribed' });
    expect(await groups(await merge({}))).toEqual({ [EMAILS]: 'subscribed', [TEXTS]: 'subscribed' });
    expect(await groups(await merge({ email: 'kept@b.co', phone: '+15045550222' }))).toEqual({});
  });

  it('costs no further append where nobody shares the address, and no question without such a field', async () => {
    const { post, typesOf } = await start();
    await put(post, { external_id: 'a', email: 'a@b.co' });
    const before = (await typesOf()).length;
    await put(post, {
      external_id: 'a',
      email_subscribe: 'opted_in',
      subscription_groups: [group(EMAILS, 'subscribed')],
    });
    await put(post, { external_id: 'nobody else', push_subscribe: 'opted_in' });
    expect((await typesOf()).slice(before)).toEqual([
      'AttributesUpdated',
      'SubscriptionGroupChanged',
      'IdentifierClaimed',
      'UserCreated',
      'AttributesUpdated',
    ]);
  });

  it('gives nothing to those who stand in that state already', async () => {
    const { post, log } = await start();
    await put(post, ...family);
    await put(post, { external_id: 'a', email_subscribe: 'opted_in' });
    const before = (await log()).length;
    await put(post, { external_id: 'a', email_subscribe: 'opted_in' });
    expect((await log()).slice(before).map(({ type }) => type)).toEqual([
      'AttributesUpdated',
      'OperationStarted',
      'OperationFinished',
    ]);
  });

  it('keeps addresses out of operations', async () => {
    const { post, log } = await start();
    await put(post, ...family);
    await put(post, { external_id: 'a', email_subscribe: 'opted_in' });
    const started = (await log()).filter(({ type }) => type === 'OperationStarted');
    expect(started).toHaveLength(1);
    expect(JSON.stringify(started)).not.toContain('home@b.co');
  });

  it('is finished by others wherever its process dies, and is never done twice', async () => {
    const { instance, post, store, log, emailState } = await start();
    for (let nth = 0; nth < 5; nth++)
      for (const when of ['before', 'after'] as const) {
        const users = ['a', 'b', 'c'].map((name) => `${name} ${nth} ${when}`);
        await put(post, ...users.map((external_id) => ({ external_id, email: `${nth}.${when}@b.co` })));
        const dying = dyingStore(store, nth, when);
        const other = await instance({ store: dying.store });
        const known = (await log()).length;
        const body = { attributes: [{ external_id: users[0], email_subscribe: 'opted_in' }] };
        const answered = other.post('/users/track', body).then(({ status }) => status);
        const ended = await Promise.race([answered, dying.death.then(() => 'died')]);

        // A start is what finishes it, and an answer is what a caller may rely on.
        await instance({ clockAhead: 60_000 });
        const started = (await log()).slice(known).some(({ type }) => type === 'OperationStarted');
        if (started || ended === 201)
          await expect
            .poll(() => Promise.all(users.map(emailState)))
            .toEqual(['opted_in', 'opted_in', 'opted_in']);
        const updated = (await log())
          .slice(known)
          .filter(({ type }) => type === 'AttributesUpdated')
          .map(({ stream }) => stream);
        expect(new Set(updated).size).toBe(updated.length);
      }
  });
});

describe('/subscription/status/set and /v2/subscription/status/set (§17)', () => {
  const v1 = '/subscription/status/set';
  const v2 = '/v2/subscription/status/set';

  it('sets users, and everybody with an email or phone', async () => {
    const { post, groups } = await start();
    await createGroups(post);
    await put(post, ...family, { external_id: 'd', email: 'd@b.co' });
    const answer = await post(v2, {
      subscription_groups: [
        { ...group(EMAILS, 'subscribed'), external_ids: ['a', 'nobody'], emails: ['D@b.co', 'no@b.co'] },
        { ...group(TEXTS, 'unsubscribed'), phones: ['+1 504 555 0111'] },
      ],
    });
    expect(answer).toMatchObject({ status: 201, body: { message: 'success' } });
    expect(answer.headers['x-hearth-position']).toBeTypeOf('string');
    expect([await groups('a'), await groups('b'), await groups('c'), await groups('d')]).toEqual([
      { [EMAILS]: 'subscribed', [TEXTS]: 'unsubscribed' },
      { [EMAILS]: 'subscribed' },
      { [TEXTS]: 'unsubscribed' },
      { [EMAILS]: 'subscribed' },
    ]);
  });

  it.each<[string, object]>([
    ['one external_id', { external_id: 'a' }],
    ['several', { external_id: ['a', 'nobody'] }],
    ['an email', { email: 'home@b.co' }],
    ['a phone', { phone: ['+15045550111'] }],
  ])('version 1 takes %s', async (_, who) => {
    const { post, groups } = await start();
    await put(post, ...family);
    const answer = await post(v1, { ...group(EMAILS, 'unsubscribed'), ...who });
    expect(answer).toMatchObject({ status: 201, body: { message: 'success' } });
    expect(await groups('a')).toEqual({ [EMAILS]: 'unsubscribed' });
  });

  it('is one state, however the id of the group is written', async () => {
    const { post, groups } = await start();
    const capitals = EMAILS.toUpperCase();
    await put(post, { ...family[0], subscription_groups: [group(capitals, 'subscribed')] });
    expect(await groups('a')).toEqual({ [EMAILS]: 'subscribed' });
    await post(v1, { ...group(capitals, 'unsubscribed'), external_id: 'a' });
    expect(await groups('a')).toEqual({ [EMAILS]: 'unsubscribed' });
    await post('/hearth/workspace/subscription_groups', { id: capitals, name: 'News', channel: 'email' });
    await expect
      .poll(() => post(v1, { ...group(TEXTS, 'subscribed'), external_id: 'a' }))
      .toMatchObject({ status: 400 });
    await post(v2, { subscription_groups: [{ ...group(EMAILS, 'subscribed'), external_ids: ['a'] }] });
    expect(await groups('a')).toEqual({ [EMAILS]: 'subscribed' });
  });

  it('sets once with an Idempotency-Key, and spreads once', async () => {
    const { post, log, groups } = await start();
    await put(post, ...family);
    const before = (await log()).length;
    const set = () =>
      post(v1, { ...group(EMAILS, 'subscribed'), external_id: 'a' }, { 'idempotency-key': 'once' });
    const [first, second] = [await set(), await set()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers['x-hearth-position']).toBe(first.headers['x-hearth-position']);
    const types = (await log()).slice(before).map(({ type }) => type);
    expect(types.filter((type) => type === 'SubscriptionGroupChanged')).toHaveLength(2);
    expect(await groups('b')).toEqual({ [EMAILS]: 'subscribed' });
  });

  it('makes nobody', async () => {
    const { post, log } = await start();
    const { status } = await post(v1, { ...group(EMAILS, 'subscribed'), external_id: 'nobody' });
    expect(status).toBe(201);
    expect((await log()).filter(({ stream }) => stream.startsWith('user_'))).toEqual([]);
  });

  const many = Array.from({ length: 51 }, (_, index) => `u${index}`);
  it.each<[string, string, unknown]>([
    ['Invalid subscription group ID', v1, { ...group(UNHEARD, 'subscribed'), external_id: 'a' }],
    ['Invalid subscription group ID', v1, { subscription_state: 'subscribed', external_id: 'a' }],
    [
      "'subscription_state' must be 'subscribed' or 'unsubscribed'",
      v1,
      { ...group(EMAILS, 'opted_in'), external_id: 'a' },
    ],
    ["One of 'external_id', 'email' or 'phone' is required", v1, group(EMAILS, 'subscribed')],
    ["'external_id' is not valid", v1, { ...group(EMAILS, 'subscribed'), external_id: 5 }],
    [
      "The value provided for the 'email' field is not a valid email.",
      v1,
      { ...group(EMAILS, 'subscribed'), email: 'nobody' },
    ],
    ["'phone' is not valid", v1, { ...group(TEXTS, 'subscribed'), phone: 'none' }],
    [
      'The max number of ids per request was exceeded',
      v1,
      { ...group(EMAILS, 'subscribed'), external_id: many },
    ],
    ["'subscription_groups' is required", v2, {}],
    ["'subscription_groups' is required", v2, { subscription_groups: [] }],
    [
      'Invalid subscription group ID',
      v2,
      {
        subscription_groups: [
          { ...group(EMAILS, 'subscribed'), external_ids: ['a'] },
          { ...group(UNHEARD, 'subscribed'), external_ids: ['a'] },
        ],
      },
    ],
    [
      'Max Input Length Exceeded',
      v2,
      { subscription_groups: Array(76).fill({ ...group(EMAILS, 'subscribed'), external_ids: ['a'] }) },
    ],
  ])('%s: nothing is set', async (message, path, body) => {
    const { post, groups } = await start();
    await createGroups(post);
    await put(post, { external_id: 'a' });
    expect(await post(path, body)).toMatchObject({ status: 400, body: { message } });
    expect(await groups('a')).toEqual({});
  });
});
