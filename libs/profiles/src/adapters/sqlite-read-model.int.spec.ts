import { positionAt } from '@hearth/eventing';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProfileRow } from '../application/read-model.ts';
import { FOLD_VERSION } from '../domain/evolve.ts';
import { attributesUpdated } from '../testing/profile-events.ts';
import {
  applied,
  appendTo,
  created,
  openLog,
  openProjection,
  openTestReadModel,
  testFolder,
  userNumber,
} from '../testing/user-log.ts';
import { dumpHash } from './dump-profiles.ts';
import { FILE_FORMAT, PAGE_SIZE } from './read-model-file.ts';
import { rebuildProfiles } from './rebuild-profiles.ts';

const alice = userNumber(1);

/** A log with a user in it, folded into a file that was closed in order. */
const foldedLog = async () => {
  const folder = testFolder();
  const store = await openLog(folder);
  const file = join(folder, 'profiles.db');
  for (let n = 0; n < 60; n++)
    await appendTo(
      store,
      userNumber(n),
      created(userNumber(n)),
      attributesUpdated({ custom: { a: 'x'.repeat(200), b: 'y'.repeat(200), n } }),
    );
  const opened = await openProjection(store, { file });
  await applied(store, opened);
  await opened.projection.stop();
  return { folder, store, file, hash: dumpHash(file) };
};

const setMeta = (file: string, key: string, value: string): void => {
  const database = new DatabaseSync(file);
  database
    .prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
    .run(key, value);
  database.close();
};

const row = (n: number, store: string): ProfileRow => ({
  braze_id: userNumber(n),
  revision: 0,
  position: positionAt(store, n),
  updated_at: null,
  external_id: null,
  email: null,
  phone: null,
  document: JSON.stringify({ status: 'unknown', padding: 'x'.repeat(4_000) }),
});

describe('a read model', () => {
  it.each<[string, (file: string, storeId: string) => void, string | undefined]>([
    ['is deleted', (file) => rmSync(file), undefined],
    ['was folded by an older version', (file) => setMeta(file, 'fold', '0'), 'older version'],
    ['has an older format', (file) => setMeta(file, 'format', '0'), 'format'],
    ['belongs to another log', (file) => setMeta(file, 'store', '00000000'), 'another log'],
    [
      'is ahead of the log',
      (file, id) => setMeta(file, 'checkpoint', positionAt(id, 1n << 60n)),
      'ahead of the log',
    ],
    [
      'has a row ahead of the log',
      (file, id) => setMeta(file, 'furthest', positionAt(id, 1n << 60n)),
      'ahead of the log',
    ],
    [
      'is no database',
      (file) => writeFileSync(file, 'not a database, but some text '.repeat(300)),
      'damaged',
    ],
    ['is cut off', (file) => writeFileSync(file, readFileSync(file).subarray(0, 9_000)), 'damaged'],
    ['is empty', (file) => writeFileSync(file, ''), undefined],
  ])('that %s is built anew from the log', async (_, spoil, reason) => {
    const { store, file, hash } = await foldedLog();
    spoil(file, store.storeId);
    const opened = await openProjection(store, { file });
    await applied(store, opened);
    expect(opened.rebuilds).toEqual(reason === undefined ? [] : [expect.stringContaining(reason)]);
    await opened.projection.stop();
    expect(dumpHash(file)).toBe(hash);
  });

  it('with a damaged page stops answering, and is built anew at the next start', async () => {
    const { store, file, hash } = await foldedLog();
    const bytes = readFileSync(file).length;
    const handle = openSync(file, 'r+');
    for (let page = 3; page * PAGE_SIZE < bytes; page++)
      writeSync(handle, Buffer.alloc(PAGE_SIZE, 0xff), 0, PAGE_SIZE, page * PAGE_SIZE);
    const damaged = await openProjection(store, { file });
    await damaged.projection.whenCaughtUp().catch(() => undefined);
    const read = async () =>
      damaged.projection.readProfiles([{ braze_id: alice, min_revision: 0, select: {} }]);
    await read();
    expect(damaged.failures).toEqual([expect.objectContaining({ code: 'read_model_damaged' })]);
    expect(await read()).toMatchObject([{ error: { code: 'read_model_damaged' } }]);
    await damaged.projection.stop();

    const next = await openProjection(store, { file });
    await applied(store, next);
    await next.projection.stop();
    expect(dumpHash(file)).toBe(hash);
  });

  it.each(['fold', 'format'])('of a newer %s is refused and left alone', async (key) => {
    const { store, file, hash } = await foldedLog();
    setMeta(file, key, String(Math.max(FOLD_VERSION, FILE_FORMAT) + 1));
    await expect(openTestReadModel(store, { file })).rejects.toMatchObject({
      code: 'read_model_newer',
      message: expect.stringContaining('delete the file'),
    });
    expect(dumpHash(file)).toBe(hash);
  });

  it('is not made out of the database of something else', async () => {
    const folder = testFolder();
    const store = await openLog(folder);
    const file = join(folder, 'profiles.db');
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE customers (name TEXT)');
    other.close();
    await expect(openTestReadModel(store, { file })).rejects.toMatchObject({ code: 'read_model_foreign' });
  });

  it('is written by one process at a time', async () => {
    const { store, file } = await foldedLog();
    const { readModel } = await openTestReadModel(store, { file });
    await expect(openTestReadModel(store, { file })).rejects.toMatchObject({ code: 'read_model_in_use' });
    await readModel.close();
    await (await openTestReadModel(store, { file })).readModel.close();
  });

  it('says so where it cannot be made', async () => {
    const folder = testFolder();
    const store = await openLog(folder);
    await expect(
      openTestReadModel(store, { file: join(folder, 'missing', 'profiles.db') }),
    ).rejects.toMatchObject({
      code: 'read_model_failed',
    });
    mkdirSync(join(folder, 'profiles.db'));
    await expect(openTestReadModel(store, { file: join(folder, 'profiles.db') })).rejects.toMatchObject({
      name: 'ReadModelError',
    });
  });

  it('keeps what it has when the disk is full, and takes no half of a write', async () => {
    const folder = testFolder();
    const store = await openLog(folder);
    const file = join(folder, 'profiles.db');
    const { readModel } = await openTestReadModel(store, { file, maxBytes: 200_000 });
    await readModel.write([row(1, store.storeId)]);
    const many = Array.from({ length: 100 }, (_, n) => row(n, store.storeId));
    await expect(readModel.write(many)).rejects.toMatchObject({ code: 'read_model_full', mayPass: true });
    expect(readModel.row(userNumber(1))).toBeDefined();
    expect(readModel.row(userNumber(2))).toBeUndefined();
    await readModel.write([row(2, store.storeId)]);
    expect(readModel.row(userNumber(2))?.revision).toBe(0);
    await readModel.close();
  });
});

describe('a rebuild beside', () => {
  it('leaves the live file alone and tells how far it is', async () => {
    const { folder, store, file, hash } = await foldedLog();
    const progress: number[] = [];
    const rebuilt = await rebuildProfiles({
      store,
      file: join(folder, 'again.db'),
      onProgress: (events) => void progress.push(events),
    });
    expect(rebuilt).toMatchObject({ events: 120, hash });
    expect(progress.at(-1)).toBe(120);
    await expect(rebuildProfiles({ store, file })).rejects.toMatchObject({ code: 'read_model_in_use' });
  });
});
