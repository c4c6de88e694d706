import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { expectRefusal, runProgram, someEvents } from '@hearth/eventing/testing';
import { openSqliteEventReader, openSqliteEventStore } from './index.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { openStore, temporaryFile, temporaryFolder } from './testing/fixture.ts';

const program = new URL('testing/open-once.ts', import.meta.url);

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** A closed log of some hundred events. */
const someLog = async (): Promise<string> => {
  const file = await temporaryFile();
  const store = await openSqliteEventStore({ file });
  for (let stream = 0; stream < 20; stream += 1)
    await store.append(`thing-${stream}`, someEvents(40), { expectedRevision: 'no_stream' });
  await store.close();
  return file;
};

const overwrite = (file: string, offset: number, bytes: Buffer): void => {
  const content = readFileSync(file);
  bytes.copy(content, offset);
  writeFileSync(file, content);
};

describe('opening a log', () => {
  it('makes it, and its folder, with an id of its own', async () => {
    const folder = await temporaryFolder();
    const store = await openStore({ file: `${folder}/deep/down/events.db`, newStoreId: () => '0123abcd' });
    expect(store.storeId).toBe('0123abcd');
    const other = await openStore({ file: `${folder}/other.db` });
    expect(other.storeId).toMatch(/^[0-9a-f]{8}$/);
  });

  it('replaces a draft that a crash left behind', async () => {
    const file = await temporaryFile();
    writeFileSync(`${file}.new`, 'half a file');
    const store = await openStore({ file });
    await store.append('thing-1', someEvents(1), { expectedRevision: 'no_stream' });
    expect(readdirSync(dirname(file))).not.toContain('events.db.new');
  });

  it('lets one writer at a time in, also from another process, and the next when it is gone', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    const refusal = await expectRefusal(openSqliteEventStore({ file }), 'store_in_use');
    expect(refusal.message).toContain(file);
    const other = await runProgram(program, [file]).ended;
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('store_in_use') as string });
    await store.append('thing-1', someEvents(1), { expectedRevision: 'no_stream' });
    await store.close();
    await (await openStore({ file })).append('thing-1', someEvents(1), { expectedRevision: 0 });
  });

  it('prints nothing on its own', async () => {
    const { code, stderr } = await runProgram(program, [await temporaryFile()]).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('a file that cannot be used is refused and left as it is', () => {
  const injuries: [string, string, (file: string) => void][] = [
    ['an overwritten header', 'store_damaged', (file) => overwrite(file, 0, Buffer.alloc(64, 7))],
    ['an overwritten first page', 'store_damaged', (file) => overwrite(file, 100, Buffer.alloc(3_000, 0xa5))],
    ['the second half missing', 'store_damaged', (file) => truncateSync(file, readFileSync(file).length / 2)],
    ['all but a few bytes missing', 'store_damaged', (file) => truncateSync(file, 50)],
    ['everything missing', 'store_damaged', (file) => truncateSync(file, 0)],
    ['a text instead', 'store_damaged', (file) => writeFileSync(file, 'hello\n'.repeat(100))],
    ['a database of something else', 'store_damaged', replaceByOtherDatabase],
    [
      'a later version',
      'store_newer',
      (file) => inDatabase(file, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`),
    ],
    ['a version of 0', 'store_damaged', (file) => inDatabase(file, 'PRAGMA user_version = 0')],
    ['no store id', 'store_damaged', (file) => inDatabase(file, 'DELETE FROM store')],
    ['a missing table', 'store_damaged', (file) => inDatabase(file, 'DROP TABLE events')],
  ];
  it.each(injuries)('%s: %s', async (_, code, injure) => {
    const file = await someLog();
    injure(file);
    const before = digest(file);
    for (const attempt of [openSqliteEventStore, openSqliteEventReader, openSqliteEventStore]) {
      const error = await expectRefusal(attempt({ file }), code as 'store_damaged');
      expect(error.message).toContain(file);
    }
    expect(digest(file)).toBe(before);
  });

  it('a missing file whose write-ahead log is there', async () => {
    const file = await temporaryFile();
    writeFileSync(`${file}-wal`, 'committed events');
    await expectRefusal(openSqliteEventStore({ file }), 'store_damaged');
    expect(readFileSync(`${file}-wal`, 'utf8')).toBe('committed events');
  });

  it('a folder in its place, and a file where its folder should be', async () => {
    const file = await temporaryFile();
    mkdirSync(file);
    await expectRefusal(openSqliteEventStore({ file }), 'store_inaccessible');
    await expectRefusal(openSqliteEventReader({ file }), 'store_inaccessible');
    rmSync(file, { recursive: true });
    writeFileSync(file, '');
    await expectRefusal(openSqliteEventStore({ file: `${file}/events.db` }), 'store_inaccessible');
  });

  it('a read-only file, and a read-only folder', async ({ skip }) => {
    // Root may write anything, so the attempt is made by a user who may not.
    const options = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const file = await someLog();
    chmodSync(dirname(file), 0o777);
    chmodSync(file, 0o444);
    const readOnlyFile = await runProgram(program, [file], options).ended;
    if (readOnlyFile.stderr.includes('EACCES') && !readOnlyFile.stderr.includes('store_'))
      skip('the other user may not read the sources');
    expect(readOnlyFile).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('store_inaccessible') as string,
    });
    chmodSync(dirname(file), 0o555);
    chmodSync(file, 0o666);
    const readOnlyFolder = await runProgram(program, [file], options).ended;
    expect(readOnlyFolder).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('store_inaccessible') as string,
    });
    chmodSync(dirname(file), 0o777);
    const store = await openStore({ file });
    expect((await store.readAll({ limit: 5_000 })).events).toHaveLength(800);
  });

  it('damage in the middle shows when it is read, and what is whole stays readable', async () => {
    const file = await someLog();
    const pages = readFileSync(file).length / 4_096;
    overwrite(file, Math.floor(pages / 2) * 4_096, Buffer.alloc(4_096, 0xa5));
    const store = await openStore({ file });
    const readEverything = async (): Promise<void> => {
      for (let stream = 0; stream < 20; stream += 1) await store.readStream(`thing-${stream}`);
    };
    await expectRefusal(readEverything(), 'store_damaged');
    expect((await store.readStream('thing-0', { limit: 1 })).events).toHaveLength(1);
  });
});

function inDatabase(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

function replaceByOtherDatabase(file: string): void {
  rmSync(file);
  inDatabase(file, 'CREATE TABLE songs (title TEXT)');
}
