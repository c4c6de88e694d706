import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dumpHash, PROFILES_FILE } from '@hearth/profiles';
import { describe, expect, it } from 'vitest';

import { event, hearth, newDeployment, newFolder, type Deployment } from '../testing/deployment.ts';

const filled = async (): Promise<Deployment & { readonly file: string }> => {
  const deployment = await newDeployment();
  for (let n = 0; n < 20; n++) {
    const brazeId = await deployment.create({ kind: 'external_id', value: `user-${n}` }, n);
    await deployment.add(
      brazeId,
      event('AttributesUpdated', { fields: { email: `u${n}@example.com` }, custom: { n } }, n),
      event('AttributesUpdated', { custom: { n: { inc: 1 } } }, n + 1),
    );
    if (n % 5 === 0) {
      await deployment.add(brazeId, event('UserDeleted', {}, n + 2));
      await deployment.store.eraseBefore(`user_${brazeId.slice(0, 2)}-${brazeId}`, 3);
    }
  }
  return { ...deployment, file: join(deployment.folder, PROFILES_FILE) };
};

const rebuild = (folder: string) => hearth(folder, ['rebuild', 'profiles']);

const databasesIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith(PROFILES_FILE) && !name.endsWith('.lock'));

describe('rebuild profiles', () => {
  it('folds the log anew, finds the same, and leaves one file', async () => {
    const { folder, stop, file } = await filled();
    await stop();
    const first = await rebuild(folder);
    expect(first.code).toBe(0);
    expect(first.err).toContain('there was no read model of profiles yet');
    const hash = dumpHash(file);
    const { code, out, err } = await rebuild(folder);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^folded [\d,]+ events in \d+\.\d s, [\d,]+ events\/s\nequal: the profiles are what they were, /,
    );
    expect(out).toContain(hash);
    expect(databasesIn(folder)).toEqual([PROFILES_FILE]);
    expect(dumpHash(file)).toBe(hash);
  });

  it('brings the present profiles to the head before it compares', async () => {
    const { folder, stop, file } = await filled();
    await stop();
    await rebuild(folder);
    const before = dumpHash(file);
    const { openSqliteEventStore } = await import('@hearth/eventstore-sqlite');
    const store = await openSqliteEventStore({ file: join(folder, 'events.db') });
    const { events } = await store.readAll({ filter: { streamPrefixes: ['user_'] } });
    await store.append(
      events[1]!.stream,
      [event('CustomEventRecorded', { name: 'login', time: events[1]!.metadata.received_at })],
      {
        expectedRevision: 'stream_exists',
      },
    );
    await store.close();
    expect((await rebuild(folder)).code).toBe(0);
    expect(dumpHash(file)).not.toBe(before);
  });

  it('tells of a difference, keeps what was there, and puts the right one in place', async () => {
    const { folder, stop, file } = await filled();
    await stop();
    await rebuild(folder);
    const right = dumpHash(file);
    const database = new DatabaseSync(file);
    database.exec(`UPDATE profiles SET email = 'mallory@example.com' WHERE email = 'u3@example.com'`);
    database.close();
    const wrong = dumpHash(file);
    const { code, out, err } = await rebuild(folder);
    expect(code).toBe(3);
    expect(out).toContain(`different: the profiles were ${wrong}, now they are ${right}`);
    expect(err).toContain(`kept in ${file}.before-rebuild`);
    expect(dumpHash(file)).toBe(right);
    expect(dumpHash(`${file}.before-rebuild`)).toBe(wrong);
    expect((await rebuild(folder)).code).toBe(0);
  });

  it('clears away what an earlier rebuild left', async () => {
    const { folder, stop, file } = await filled();
    await stop();
    new DatabaseSync(`${file}.rebuild`).exec('CREATE TABLE half (a)');
    expect((await rebuild(folder)).code).toBe(0);
    expect(existsSync(`${file}.rebuild`)).toBe(false);
  });

  it('is refused while a service runs', async () => {
    const { folder } = await filled();
    const { code, err } = await rebuild(folder);
    expect(code).toBe(1);
    expect(err).toContain(`a service is running on ${folder}: stop it first`);
  });

  it('gives an imported log the profiles of the log it was exported from', async () => {
    const { folder, stop, file } = await filled();
    await stop();
    await rebuild(folder);
    const archive = join(newFolder(), 'log.ndjson');
    await hearth(folder, ['log', 'export', '--out', archive]);
    const target = newFolder();
    expect((await hearth(target, ['log', 'import', archive])).code).toBe(0);
    expect((await rebuild(target)).code).toBe(0);
    // Positions belong to a store; everything else has to be the same.
    const rows = (path: string) => {
      const database = new DatabaseSync(path, { readOnly: true });
      const all = database
        .prepare(
          'SELECT braze_id, revision, updated_at, external_id, email, phone, document FROM profiles ORDER BY 1',
        )
        .all();
      database.close();
      return all;
    };
    expect(rows(join(target, PROFILES_FILE))).toEqual(rows(file));
    expect(rows(file)).toHaveLength(20);
  });

  it('lets replay look an email up in the profiles, and in the log behind them', async () => {
    const { folder, stop, file } = await filled();
    await stop();
    await rebuild(folder);
    expect(existsSync(file)).toBe(true);
    const { code, err } = await hearth(folder, ['replay', '--user', 'email:u3@example.com']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});
