import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { readLog } from './testing/check-log.ts';
import { temporaryFolder } from './testing/data-folder.ts';
import {
  API_KEY,
  freePort,
  runHearth,
  spawnHearth,
  untilReady,
  type HearthProcess,
} from './testing/hearth-process.ts';
import { keyedRequest, type KeyedRequest } from './testing/keyed-requests.ts';
import { startStack } from './testing/stack-processes.ts';

const CALLS = 300;
const CONNECTIONS = 12;

it('whatever is retried with its key, at two instances that are killed again and again, counts once', async () => {
  const folder = await temporaryFolder();
  const natsPort = String(await freePort());
  const env = { HEARTH_DATA_DIR: folder, HEARTH_NATS_PORT: natsPort, HEARTH_SYNC_TIMEOUT_MS: '1500' };
  const { hearth, pidOf } = await startStack(env);
  let second: HearthProcess;
  const startSecond = async (port: string): Promise<void> => {
    second = spawnHearth('ingestion', {
      ...env,
      HEARTH_PORT: port,
      HEARTH_NATS_URL: `nats://127.0.0.1:${natsPort}`,
    });
    await untilReady(second.url);
  };
  const secondPort = String(await freePort());
  await startSecond(secondPort);
  onTestFinished(async () => {
    second.kill('SIGKILL');
    await second.exited;
  });

  const seed = randomInt(2 ** 31);
  process.stdout.write(`retried: seed ${seed}\n`);
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };

  const written: string[] = [];
  const erasable = new Set<string>();
  const answers = new Map<string, Set<string>>();
  let sequence = 0;
  let done = 0;
  const post = async ({ path, body }: KeyedRequest, key: string): Promise<boolean> => {
    const url = random() < 0.5 ? hearth.url : `http://127.0.0.1:${secondPort}`;
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    if (answer === undefined || text === undefined || answer.status >= 500) return false;
    // What led to a person who was deleted since is forgotten, but for that it was done.
    if (erasable.has(key) && (answer.status === 410 || text === '{"message":"success"}')) return true;
    expect(answer.status).toBeLessThan(300);
    answers.set(key, (answers.get(key) ?? new Set()).add(`${answer.status} ${text}`));
    return true;
  };
  const caller = async (): Promise<void> => {
    while (sequence < CALLS) {
      const key = `request-${++sequence}`;
      const sent = keyedRequest(random, key);
      if (sent.event === 'kept') written.push(key);
      else if (sent.event === 'may_be_erased') erasable.add(key);
      // Some callers are impatient and send the same twice at once.
      const tries = random() < 0.2 ? 2 : 1;
      while (!(await Promise.all(Array.from({ length: tries }, () => post(sent, key)))).every(Boolean))
        await new Promise((resolve) => setTimeout(resolve, 100));
      if (random() < 0.2) await post(sent, key);
      done++;
    }
  };
  const callers = Promise.all(Array.from({ length: CONNECTIONS }, caller));
  for (const part of [0.2, 0.4, 0.6]) {
    await expect.poll(() => done, { timeout: 60_000 }).toBeGreaterThan(part * CALLS);
    process.kill(pidOf('ingestion'), 'SIGKILL');
    second!.kill('SIGKILL');
    await second!.exited;
    await startSecond(secondPort);
  }
  await callers;
  await untilReady(hearth.url);
  second!.kill('SIGTERM');
  await second!.exited;
  hearth.kill('SIGTERM');
  expect(await hearth.exited).toBe(0);

  const log = await readLog(join(folder, 'events.db'));
  const recorded = log.flatMap(({ type, data }) =>
    type === 'CustomEventRecorded' ? [(data as { name: string }).name] : [],
  );
  expect(new Set(recorded).size).toBe(recorded.length);
  expect(recorded.filter((name) => !erasable.has(name)).toSorted()).toEqual(written.toSorted());
  expect([...answers].filter(([, told]) => told.size > 1)).toEqual([]);
  const rebuild = await runHearth(['rebuild', 'profiles'], { HEARTH_DATA_DIR: folder });
  expect(rebuild).toMatchObject({ code: 0 });
}, 180_000);
