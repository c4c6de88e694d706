import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { event, hearth, newDeployment, newFolder, type Deployment } from '../testing/deployment.ts';

const filled = async (): Promise<Deployment> => {
  const deployment = await newDeployment();
  for (const value of ['ada', 'bob', 'eve']) {
    const brazeId = await deployment.create({ kind: 'external_id', value });
    await deployment.add(brazeId, event('AttributesUpdated', { custom: { name: value } }));
  }
  return deployment;
};

/** The archive without its header and footer, which tell of the store. */
const body = (archive: string): string => archive.split('\n').slice(1, -2).join('\n');

describe('log export and log import', () => {
  it('copy a log into a new data folder, while the first is in use', async () => {
    const source = await filled();
    const file = join(newFolder(), 'log.ndjson');
    const exported = await hearth(source.folder, ['log', 'export', '--out', file]);
    expect(exported).toMatchObject({ code: 0, out: '' });
    expect(exported.err).toMatch(/^hearth: exported 10 events of log [0-9a-f]{8} to /);

    const target = newFolder();
    const imported = await hearth(target, ['log', 'import', file]);
    expect(imported).toMatchObject({ code: 0, out: '' });
    expect(imported.err).toContain('imported 10 events');
    const again = await hearth(target, ['log', 'import', file]);
    expect(again.err).toContain('imported 10 events into log');
    expect(again.err).toContain('10 of which were there from an earlier run');

    const { out } = await hearth(target, ['log', 'export']);
    expect(body(out)).toBe(body(readFileSync(file, 'utf8')));
    const replayed = await Promise.all(
      [source.folder, target].map((folder) =>
        hearth(folder, ['replay', '--json', '--user', 'external_id:ada']),
      ),
    );
    expect(replayed[0]!.out).toBe(replayed[1]!.out);
  });

  it('leave no half file behind, and the one that was there as it was', async () => {
    const { folder } = await filled();
    const room = newFolder();
    writeFileSync(join(room, 'log.ndjson'), 'before');
    mkdirSync(join(room, 'folder'));
    const missing = await hearth(folder, ['log', 'export', '--out', join(room, 'no', 'log.ndjson')]);
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('no such file or folder') });
    const onFolder = await hearth(folder, ['log', 'export', '--out', join(room, 'folder')]);
    expect(onFolder).toMatchObject({ code: 1, err: expect.stringContaining('it is a folder') });
    expect(readdirSync(room).toSorted()).toEqual(['folder', 'log.ndjson']);
    expect(readFileSync(join(room, 'log.ndjson'), 'utf8')).toBe('before');
    await hearth(folder, ['log', 'export', '--out', join(room, 'log.ndjson')]);
    expect(readFileSync(join(room, 'log.ndjson'), 'utf8')).toContain('"footer"');
    expect(readdirSync(room)).toHaveLength(2);
  });

  it('say that the disk is full', async () => {
    const { folder } = await filled();
    const { code, err } = await hearth(folder, ['log', 'export', '--out', '/dev/full']);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'hearth: there is no space left on the disk (ENOSPC)\n',
    });
  });

  it('refuse a service that is running, another secret, and a folder that holds another log', async () => {
    const source = await filled();
    const file = join(newFolder(), 'log.ndjson');
    await hearth(source.folder, ['log', 'export', '--out', file]);

    const running = await newDeployment();
    expect(await hearth(running.folder, ['log', 'import', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`a service is running on ${running.folder}: stop it first`),
    });
    await running.stop();
    expect(await hearth(running.folder, ['log', 'import', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('the event store is not empty'),
    });
    const target = newFolder();
    for (const secret of [null, 'y'.repeat(40)]) {
      const { code, err } = await hearth(target, ['log', 'import', file], { secret });
      expect(code).toBe(1);
      expect(err).toContain('the archive was written under the secret with fingerprint');
    }
    expect(readdirSync(target)).toEqual([]);
    expect((await hearth(target, ['log', 'import', file])).code).toBe(0);
  });

  it('refuse a damaged archive, and leave the folder as it was', async () => {
    const source = await filled();
    const { out } = await hearth(source.folder, ['log', 'export']);
    const room = newFolder();
    const file = join(room, 'log.ndjson');
    const target = join(room, 'data');
    writeFileSync(file, out.slice(0, -20));
    expect(await hearth(target, ['log', 'import', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('the archive is cut off'),
    });
    expect(readdirSync(room)).toEqual(['log.ndjson']);
  });
});
