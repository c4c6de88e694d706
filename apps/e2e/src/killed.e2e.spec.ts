import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { trackSync } from './testing/client.ts';
import { expectLogToMatch } from './testing/check-log.ts';
import { temporaryFolder } from './testing/data-folder.ts';
import {
  freePort,
  runHearth,
  startHearth,
  untilReady,
  type HearthProcess,
} from './testing/hearth-process.ts';
import { startRecordedLoad } from './testing/recorded-load.ts';
import { SERVICES, startStack } from './testing/stack-processes.ts';

const KILLS = 8;
/** How many writes may be acknowledged before the next kill: a random point of a random commit. */
const randomProgress = (): number => 1 + Math.floor(Math.random() * 300);

const kill = (hearth: HearthProcess): Promise<number | null> => {
  hearth.kill('SIGKILL');
  return hearth.exited;
};

/** The live read model, refolded from the log: `hearth rebuild` answers with 0 only where both are equal. */
const expectRebuildToEqual = async (env: Record<string, string>): Promise<void> => {
  const rebuild = await runHearth(['rebuild', 'profiles'], env);
  expect(rebuild).toMatchObject({ code: 0, output: expect.any(String) });
};

it('one process, killed again and again under load, loses and doubles nothing', async () => {
  const folder = await temporaryFolder();
  const env = { HEARTH_DATA_DIR: folder, HEARTH_PORT: String(await freePort()) };
  let hearth = await startHearth('embedded', env);
  onTestFinished(() => hearth.kill('SIGKILL'));
  const load = startRecordedLoad(() => hearth.url, { connections: 16, users: 40 });
  for (let kills = 0; kills < KILLS; kills++) {
    await load.progress(randomProgress());
    await kill(hearth);
    hearth = await startHearth('embedded', env);
  }
  await load.progress(50);
  await load.stop();
  hearth.kill('SIGTERM');
  expect(await hearth.exited).toBe(0);

  await expectLogToMatch(join(folder, 'events.db'), load);
  await expectRebuildToEqual({ HEARTH_DATA_DIR: folder });
}, 120_000);

it('separate processes, each killed under load, lose and double nothing', async () => {
  const folder = await temporaryFolder();
  const { hearth, pidOf, running } = await startStack({ HEARTH_DATA_DIR: folder });
  const load = startRecordedLoad(() => hearth.url, { connections: 16, users: 40 });
  for (const service of [...SERVICES, ...SERVICES]) {
    await load.progress(randomProgress());
    process.kill(pidOf(service), 'SIGKILL');
    await load.progress(20); // by themselves, without a restart of the others
    await untilReady(hearth.url);
  }
  await load.stop();
  expect((await trackSync(hearth.url, { attributes: { external_id: 'after all', x: 1 } })).status).toBe(201);
  hearth.kill('SIGTERM');
  expect(await hearth.exited).toBe(0);
  expect(running()).toEqual([]);

  await expectLogToMatch(join(folder, 'events.db'), load);
  await expectRebuildToEqual({ HEARTH_DATA_DIR: folder });
}, 240_000);
