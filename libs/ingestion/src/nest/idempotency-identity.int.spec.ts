import { describe, expect, it } from 'vitest';

import { startDeployment, type Instance } from '../testing/deployment.ts';
import { dyingStore } from '../testing/dying-store.ts';
import { alias, externalId, knownUsers } from '../testing/known-users.ts';

const HOUR = 3_600_000;
const label = (name: string, n: string) => ({ alias_label: 'l', alias_name: `${name} ${n}` });

interface Request {
  readonly path: string;
  /** A request before it. */
  readonly after?: { readonly path: string; readonly body: (n: string) => object };
  readonly body: (n: string) => object;
  readonly reply: (n: string) => object;
}

const merge = {
  path: '/users/merge',
  body: (n: string) => ({
    merge_updates: [
      { identifier_to_merge: { external_id: `a ${n}` }, identifier_to_keep: { external_id: `b ${n}` } },
    ],
  }),
};

const requests: readonly Request[] = [
  {
    path: '/users/alias/new',
    body: (n) => ({ user_aliases: [{ external_id: `b ${n}`, ...label('new', n) }] }),
    reply: () => ({ aliases_processed: 1 }),
  },
  {
    path: '/users/alias/update',
    body: (n) => {
      const update = { alias_label: 'l', old_alias_name: `a ${n}`, new_alias_name: `new ${n}` };
      return { alias_updates: [update] };
    },
    reply: () => ({ aliases_processed: 1 }),
  },
  {
    path: '/users/identify',
    body: (n) => ({ aliases_to_identify: [{ external_id: `b ${n}`, user_alias: label('x', n) }] }),
    reply: () => ({ aliases_processed: 1 }),
  },
  { ...merge, reply: () => ({}) },
  {
    path: '/hearth/users/unmerge',
    after: merge,
    body: (n) => ({ external_id: `a ${n}` }),
    reply: () => ({ restored_braze_id: expect.any(String) as string }),
  },
  {
    path: '/users/external_ids/rename',
    body: (n) => ({
      external_id_renames: [{ current_external_id: `b ${n}`, new_external_id: `c ${n}` }],
    }),
    reply: (n) => ({ external_ids: [{ current_external_id: `b ${n}`, new_external_id: `c ${n}` }] }),
  },
  {
    path: '/users/external_ids/remove',
    body: (n) => ({ external_ids: [`old ${n}`] }),
    reply: (n) => ({ removed_ids: [`old ${n}`] }),
  },
  {
    path: '/users/delete',
    body: (n) => ({ external_ids: [`a ${n}`] }),
    reply: () => ({ deleted: 1 }),
  },
];

/** User `a` with the alias `a` and the former id `old`, user `b`, and somebody who has nothing but the alias `x`. */
const setUp = async ({ post }: Instance, n: string): Promise<void> => {
  const user_alias = label('x', n);
  await post('/users/track', {
    attributes: [
      { external_id: `old ${n}`, a: 1 },
      { external_id: `b ${n}`, b: 1 },
      { user_alias, x: 1, _update_existing_only: false },
    ],
  });
  const rename = { current_external_id: `old ${n}`, new_external_id: `a ${n}` };
  await post('/users/external_ids/rename', { external_id_renames: [rename] });
  await post('/users/alias/new', { user_aliases: [{ external_id: `a ${n}`, ...label('a', n) }] });
};

describe.each(requests)('$path with a key', ({ path, after, body, reply }) => {
  it('has one effect and one answer, wherever the first process died', async () => {
    const { store, instance } = await startDeployment();
    const heir = await instance({ clockAhead: HOUR });
    const users = knownUsers({ store });
    const whoIsWho = async (n: string): Promise<string> => {
      const names = [
        ...['a', 'b', 'c', 'old'].map((id) => externalId(`${id} ${n}`)),
        ...['a', 'x', 'new'].map((name) => alias('l', `${name} ${n}`)),
      ];
      const shown = await Promise.all(
        names.map(async (name) => {
          const user = await users.by(name);
          return user && [user.external_ids, user.user_aliases, user.custom_attributes];
        }),
      );
      return JSON.stringify(shown).replaceAll(` ${n}`, '');
    };
    const prepare = async (n: string): Promise<void> => {
      await setUp(heir, n);
      if (after) await heir.post(after.path, after.body(n));
    };
    await prepare('n');
    const before = await whoIsWho('n');
    await heir.post(path, body('n'));
    const expected = await whoIsWho('n');
    expect(expected).not.toBe(before);

    for (let step = 0, reached = true; reached; step++)
      for (const when of ['before', 'after'] as const) {
        const n = `${when}-${step}`;
        const key = { 'idempotency-key': n };
        await prepare(n);
        const dying = dyingStore(store, step, when);
        const first = (await instance({ store: dying.store })).post(path, body(n), key);
        await Promise.race([first, dying.death]);
        reached = dying.died();

        const answer = await heir.post(path, body(n), key);
        expect(answer.body, `at ${n}`).toMatchObject({ message: 'success', ...reply(n) });
        expect(await whoIsWho(n), `at ${n}`).toBe(expected);
        const again = await heir.post(path, body(n), key);
        expect([again.status, again.body], `at ${n}`).toEqual([answer.status, answer.body]);
        expect(await whoIsWho(n), `at ${n}`).toBe(expected);
      }
  }, 60_000);
});
