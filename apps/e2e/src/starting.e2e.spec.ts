import { chmod, cp, mkdir, open, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { trackSync } from './testing/client.ts';
import { temporaryFolder } from './testing/data-folder.ts';
import { freePort, spawnHearth, startHearth } from './testing/hearth-process.ts';

/** A start that must fail: its exit code and what it printed. */
const failedStart = async (env: Record<string, string>) => {
  const hearth = spawnHearth('embedded', { HEARTH_PORT: '0', ...env });
  onTestFinished(() => hearth.kill('SIGKILL'));
  const code = await hearth.exited;
  return { code, output: hearth.output() };
};

/** A data folder with one user in it. */
const usedFolder = async (): Promise<string> => {
  const folder = await temporaryFolder();
  const hearth = await startHearth('embedded', {
    HEARTH_DATA_DIR: folder,
    HEARTH_PORT: String(await freePort()),
  });
  onTestFinished(() => hearth.kill('SIGKILL'));
  expect((await trackSync(hearth.url, { attributes: { external_id: 'u1', n: { inc: 1 } } })).status).toBe(
    201,
  );
  hearth.kill('SIGTERM');
  expect(await hearth.exited).toBe(0);
  return folder;
};

/** A folder that starts again and still has its user. */
const expectIntact = async (folder: string): Promise<void> => {
  const hearth = await startHearth('embedded', {
    HEARTH_DATA_DIR: folder,
    HEARTH_PORT: String(await freePort()),
  });
  onTestFinished(() => hearth.kill('SIGKILL'));
  const { body } = await trackSync(hearth.url, { attributes: { external_id: 'u1', n: { inc: 1 } } });
  expect(body['users']).toEqual([{ external_id: 'u1', custom_attributes: { n: 2 } }]);
};

const expectClearLine = (output: string, ...parts: string[]): void => {
  for (const part of parts) expect(output).toContain(part);
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+/m);
};

describe('a start that cannot be', () => {
  it('names every wrong setting, what it got and what it takes', async () => {
    const { code, output } = await failedStart({
      HEARTH_PORT: 'eighty',
      HEARTH_LOG_LEVEL: 'loud',
      HEARTH_DATA_DIRR: 'x',
    });
    expect(code).toBe(1);
    expectClearLine(
      output,
      'HEARTH_PORT',
      '"eighty"',
      'HEARTH_LOG_LEVEL',
      '"loud"',
      'HEARTH_DATA_DIRR',
      'HEARTH_DATA_DIR?',
    );
  });

  it('says which port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, output } = await failedStart({
      HEARTH_DATA_DIR: await temporaryFolder(),
      HEARTH_PORT: String(port),
    });
    expect(code).toBe(1);
    expectClearLine(output, String(port), 'in use', 'HEARTH_PORT');
  });

  it('refuses a data folder that another Hearth is using, and leaves it alone', async () => {
    const folder = await temporaryFolder();
    const first = await startHearth('embedded', {
      HEARTH_DATA_DIR: folder,
      HEARTH_PORT: String(await freePort()),
    });
    onTestFinished(() => first.kill('SIGKILL'));
    const { code, output } = await failedStart({ HEARTH_DATA_DIR: folder });
    expect(code).toBe(1);
    expectClearLine(output, 'cannot start', folder);
    expect((await trackSync(first.url, { attributes: { external_id: 'u1', x: 1 } })).status).toBe(201);
  });

  it('refuses a data folder of a newer version, and leaves it alone', async () => {
    const folder = await usedFolder();
    await writeFile(join(folder, 'version'), '99\n');
    const { code, output } = await failedStart({ HEARTH_DATA_DIR: folder });
    expect(code).toBe(1);
    expectClearLine(output, 'newer', '99');
    await writeFile(join(folder, 'version'), '1\n');
    await expectIntact(folder);
  });

  it.each([
    [
      'overwritten at its beginning',
      async (file: string) => {
        const handle = await open(file, 'r+');
        await handle.write(Buffer.alloc(64, 'x'), 0, 64, 0);
        await handle.close();
      },
    ],
    ['cut short', (file: string) => truncate(file, 1_000)],
  ])('refuses a log that was %s, and leaves it as it is', async (_how, damage) => {
    const folder = await usedFolder();
    const log = join(folder, 'events.db');
    await cp(log, `${log}.backup`);
    await damage(log);
    const { code, output } = await failedStart({ HEARTH_DATA_DIR: folder });
    expect(code).toBe(1);
    expectClearLine(output, 'cannot start', log);
    await cp(`${log}.backup`, log);
    await expectIntact(folder);
  });

  it('builds a damaged read model anew, since the log has everything', async () => {
    const folder = await usedFolder();
    await writeFile(join(folder, 'profiles.db'), 'this was a database once');
    await expectIntact(folder);
  });

  it('refuses another secret than the one the log was written under', async () => {
    const folder = await usedFolder();
    const { code, output } = await failedStart({
      HEARTH_DATA_DIR: folder,
      HEARTH_SECRET: 'another secret of some length, at least',
    });
    expect(code).toBe(1);
    expectClearLine(output, 'HEARTH_SECRET');
    await expectIntact(folder);
  });

  it('tells of a missing secret what mends it, and that does', async () => {
    const folder = await usedFolder();
    const restored = await temporaryFolder();
    await cp(join(folder, 'events.db'), join(restored, 'events.db'));
    const { code, output } = await failedStart({ HEARTH_DATA_DIR: restored });
    expect(code).toBe(1);
    expectClearLine(output, 'HEARTH_SECRET', 'fingerprint');
    await cp(join(folder, 'secret'), join(restored, 'secret'));
    await expectIntact(restored);
  });

  it('keeps its files from everybody else, also in a folder that others may look into', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o755);
    const hearth = await startHearth('embedded', {
      HEARTH_DATA_DIR: folder,
      HEARTH_PORT: String(await freePort()),
    });
    onTestFinished(() => hearth.kill('SIGKILL'));
    const files = await readdir(folder);
    expect(files).toEqual(expect.arrayContaining(['events.db', 'profiles.db', 'secret']));
    // Some come and go.
    const modes = await Promise.all(
      files.map(async (file) => ((await stat(join(folder, file)).catch(() => undefined))?.mode ?? 0) & 0o077),
    );
    expect(new Set(modes)).toEqual(new Set([0]));
  });

  it('says so where the data folder is a file', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const { code, output } = await failedStart({ HEARTH_DATA_DIR: file });
    expect(code).toBe(1);
    expectClearLine(output, file, 'HEARTH_DATA_DIR');
  });

  it.skipIf(process.getuid?.() === 0)('says so where the data folder is read-only', async () => {
    const folder = join(await temporaryFolder(), 'read-only');
    await mkdir(folder, { mode: 0o500 });
    onTestFinished(() => chmod(folder, 0o700));
    const { code, output } = await failedStart({ HEARTH_DATA_DIR: folder });
    expect(code).toBe(1);
    expectClearLine(output, folder);
  });
});

describe('a first start', () => {
  it('makes an API key, shows it once, and takes it ever after', async () => {
    const folder = await temporaryFolder();
    const env = { HEARTH_DATA_DIR: folder, HEARTH_API_KEY: '', HEARTH_PORT: String(await freePort()) };
    const first = await startHearth('embedded', env);
    onTestFinished(() => first.kill('SIGKILL'));
    const key = /API key[^:]*: (\S+)/.exec(first.output())?.[1];
    expect(key).toMatch(/^[\w-]{43}$/);
    first.kill('SIGTERM');
    await first.exited;

    const second = await startHearth('embedded', env);
    onTestFinished(() => second.kill('SIGKILL'));
    expect(second.output()).not.toContain(key);
    const { post } = await import('./testing/client.ts');
    expect(
      (await post(second.url, '/users/track/sync', { attributes: { external_id: 'u', x: 1 } }, { key: key! }))
        .status,
    ).toBe(201);
  });
});
