import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { post, trackSync } from './testing/client.ts';
import { freePort, runHearth, startHearth, type HearthProcess } from './testing/hearth-process.ts';

/** What is personal of the deleted people, each word of it found nowhere else. */
const PERSONAL = [
  'zanzibar-id',
  'zanzibar-renamed',
  'zanzibar-visitor',
  'zanzibar-shop-name',
  'zanzibar@example.com',
  '+15045550199',
  'Zebulon',
  'Quackenbush',
  'zanzibar-favourite',
  'zanzibar-nested',
  'zanzibar-property',
  'zanzibar-of-the-visitor',
  'zanzibar-restored',
  'zanzibar-secret-of-restored',
];

let folder: string;
let hearth: HearthProcess;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-erasure-'));
  env = { HEARTH_DATA_DIR: folder, HEARTH_PORT: String(await freePort()) };
  hearth = await startHearth('embedded', env);
});
afterAll(async () => {
  hearth.kill('SIGTERM');
  await hearth.exited;
  await rm(folder, { recursive: true });
});

const ok = async (path: string, body: unknown, key?: string): Promise<void> => {
  const answer = await post(
    hearth.url,
    path,
    body,
    key === undefined ? {} : { headers: { 'idempotency-key': key } },
  );
  expect({ path, status: answer.status < 300, errors: answer.body['errors'] }).toEqual({
    path,
    status: true,
  });
};

/** The words that can be found in any file of a folder. */
const leftIn = async (root: string): Promise<string[]> => {
  const left = new Set<string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file).catch(() => Buffer.alloc(0)); // gone meanwhile
    for (const word of PERSONAL) if (bytes.includes(word)) left.add(`${word} in ${entry.name}`);
  }
  return [...left].toSorted();
};

/** Asks until nothing is left; answers what still is when it has taken far too long. */
const leftAfterAWhile = async (): Promise<string[]> => {
  let left = await leftIn(folder);
  for (let tries = 0; left.length > 0 && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    left = await leftIn(folder);
  }
  return left;
};

/** Waits until every word is in the log and in the read model, as it is with people who have been there for a while. */
const untilWrittenDown = async (): Promise<void> => {
  for (;;) {
    const left = await leftIn(folder);
    const inModel = left.filter((line) => line.includes('profiles.db'));
    const named = new Set(inModel.map((line) => line.split(' in ')[0]));
    // What only events say is in the log alone.
    if (PERSONAL.every((word) => named.has(word) || word === 'zanzibar-property')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const others = (from: number, size: number) => ({
  attributes: Array.from({ length: 75 }, (_, index) => ({
    external_id: `other-${from + index}`,
    email: `other-${from + index}@example.com`,
    note: 'x'.repeat((size * (index + 7)) % 200),
  })),
});

describe('a person who is deleted', () => {
  it('is in no file any more: not while it runs, not in an export, not after a stop; and profiles are rebuilt alike', async () => {
    // Many people around, whose profiles grow and move.
    for (let round = 0; round < 8; round++) await ok('/users/track', others(75 * (round % 4), round * 37));

    await ok(
      '/users/track',
      {
        attributes: [
          {
            external_id: 'zanzibar-id',
            email: 'zanzibar@example.com',
            phone: '+15045550199',
            first_name: 'Zebulon',
            last_name: 'Quackenbush',
            favourite: 'zanzibar-favourite',
            nested: { deep: ['zanzibar-nested'] },
          },
        ],
        events: [
          {
            external_id: 'zanzibar-id',
            name: 'seen',
            time: '2026-01-01T00:00:00Z',
            properties: { what: 'zanzibar-property' },
          },
        ],
      },
      'key-1',
    );
    await ok(
      '/users/track/sync',
      {
        attributes: {
          external_id: 'zanzibar-id',
          favourite: 'zanzibar-favourite',
          nested: { deep: ['zanzibar-nested'] },
        },
      },
      'key-2',
    );
    await ok('/users/alias/new', {
      user_aliases: [{ external_id: 'zanzibar-id', alias_label: 'shop', alias_name: 'zanzibar-shop-name' }],
    });
    await ok(
      '/users/external_ids/rename',
      { external_id_renames: [{ current_external_id: 'zanzibar-id', new_external_id: 'zanzibar-renamed' }] },
      'key-3',
    );
    await ok('/users/track', {
      attributes: [
        {
          user_alias: { alias_label: 'web', alias_name: 'zanzibar-visitor' },
          _update_existing_only: false,
          visitor: 'zanzibar-of-the-visitor',
        },
      ],
    });
    await ok('/users/identify', {
      aliases_to_identify: [
        {
          external_id: 'zanzibar-renamed',
          user_alias: { alias_label: 'web', alias_name: 'zanzibar-visitor' },
        },
      ],
    });
    // Somebody who was merged into a user that stays, and was taken out again.
    await ok('/users/track', {
      attributes: [
        { external_id: 'zanzibar-restored', secret: 'zanzibar-secret-of-restored' },
        { external_id: 'stays', own: ['kept'] },
      ],
    });
    await ok('/users/merge', {
      merge_updates: [
        {
          identifier_to_merge: { external_id: 'zanzibar-restored' },
          identifier_to_keep: { external_id: 'stays' },
        },
      ],
    });
    await ok('/hearth/users/unmerge', { external_id: 'zanzibar-restored' });
    for (let round = 0; round < 8; round++) await ok('/users/track', others(75 * (round % 4), round * 23));
    await untilWrittenDown();

    await ok('/users/delete', { external_ids: ['zanzibar-id', 'zanzibar-restored'] });
    expect(await leftAfterAWhile()).toEqual([]);

    const stays = await trackSync(hearth.url, { attributes: { external_id: 'stays', own: { add: [] } } });
    expect(stays.body).toMatchObject({
      users: [{ external_id: 'stays', custom_attributes: { own: ['kept'] } }],
    });
    const gone = { attributes: { external_id: 'zanzibar-id', x: 1, _update_existing_only: true } };
    expect((await trackSync(hearth.url, gone)).body).toMatchObject({ users: [] });
    await ok('/users/track', { attributes: [{ external_id: 'other-1', again: 1 }] });

    const archive = join(folder, 'archive.jsonl');
    expect(await runHearth(['log', 'export', '--out', archive], env)).toMatchObject({ code: 0 });
    expect(await leftIn(folder)).toEqual([]);

    hearth.kill('SIGTERM');
    await hearth.exited;
    expect(await leftIn(folder)).toEqual([]);
    expect(await runHearth(['rebuild', 'profiles'], env)).toMatchObject({ code: 0 });
    expect(await leftIn(folder)).toEqual([]);
  }, 120_000);
});
