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
import { startStack } from './testing/stack-processes.ts';

const CALLS = 200;
const CONNECTIONS = 12;
const USERS = 12;

interface Sent {
  readonly path: string;
  readonly body: object;
}

/** Writes, merges and renames over few users; `name` is the event that each write records. */
const request = (random: () => number, name: string): Sent => {
  const user = (): string => `user ${Math.floor(random() * USERS)}`;
  const kind = random();
  if (kind < 0.06) {
    const [from, into] = [user(), user()];
    const update = { identifier_to_merge: { external_id: from }, identifier_to_keep: { external_id: into } };
    return { path: '/users/merge', body: { merge_updates: [update] } };
  }
  if (kind < 0.12) {
    const rename = { current_external_id: user(), new_external_id: `${user()} renamed` };
    return { path: '/users/external_ids/rename', body: { external_id_renames: [rename] } };
  }
  const event = { external_id: user(), name, time: '2026-01-01T00:00:00Z' };
  return { path: kind < 0.6 ? '/users/track' : '/users/track/sync', body: { events: [event] } };
};

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
  const answers = new Map<string, Set<string>>();
  let sequence = 0;
  let done = 0;
  const post = async ({ path, body }: Sent, key: string): Promise<boolean> => {
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
    expect(answer.status).toBeLessThan(300);
    answers.set(key, (answers.get(key) ?? new Set()).add(`${answer.status} ${text}`));
    return true;
  };
  const caller = async (): Promise<void> => {
    while (sequence < CALLS) {
      const key = `request-${++sequence}`;
      const sent = request(random, key);
      if (sent.path.startsWith('/users/track')) written.push(key);
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
  expect(recorded.toSorted()).toEqual(written.toSorted());
  expect([...answers].filter(([, told]) => told.size > 1)).toEqual([]);
  const rebuild = await runHearth(['rebuild', 'profiles'], { HEARTH_DATA_DIR: folder });
  expect(rebuild).toMatchObject({ code: 0 });
}, 180_000);
