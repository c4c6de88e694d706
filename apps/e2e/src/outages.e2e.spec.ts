import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { freeze } from '../../../tools/freeze.ts';
import { readLog } from './testing/check-log.ts';
import { unlessUndocumented } from './testing/api-document.ts';
import { track, trackSync, type Answer } from './testing/client.ts';
import { temporaryFolder } from './testing/data-folder.ts';
import { untilReady } from './testing/hearth-process.ts';
import { startStack, type Service } from './testing/stack-processes.ts';

/** Short, so that a call to a frozen peer ends soon. */
const TIMEOUT_MS = '1500';

const event = (name: string) => ({ events: [{ external_id: 'u1', name, time: '2026-01-01T00:00:00Z' }] });

/** Calls until the answer is what is waited for. */
const until = async (call: () => Promise<Answer>, wanted: (answer: Answer) => boolean): Promise<Answer> => {
  for (;;) {
    const answer = await call();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const namesIn = async (folder: string): Promise<string[]> =>
  (await readLog(join(folder, 'events.db'))).flatMap(({ type, data }) =>
    type === 'CustomEventRecorded' ? [(data as { name: string }).name] : [],
  );

describe('while a peer is frozen', () => {
  const start = async () => {
    const folder = await temporaryFolder();
    const stack = await startStack({ HEARTH_DATA_DIR: folder, HEARTH_SYNC_TIMEOUT_MS: TIMEOUT_MS });
    expect((await trackSync(stack.hearth.url, event('before'))).status).toBe(201);
    const freezeService = async (service: Service): Promise<() => void> => {
      const pid = stack.pidOf(service);
      await freeze(pid);
      const thaw = (): void => void process.kill(pid, 'SIGCONT');
      onTestFinished(() => {
        try {
          thaw();
        } catch {
          // thawed and ended
        }
      });
      return thaw;
    };
    return { folder, url: stack.hearth.url, freezeService };
  };

  it('the projection: a sync write is stored and says where, or is refused and not stored; async goes on', async () => {
    const { folder, url, freezeService } = await start();
    const thaw = await freezeService('profile-projection');
    const lost = await trackSync(url, event('answer lost'));
    expect(lost.status).toBe(504);
    expect(lost.headers.get('x-hearth-position')).toMatch(/^[0-9a-f]{8}:\d{19}$/);
    expect(lost.headers.has('retry-after')).toBe(false);
    expect((await track(url, event('async'))).status).toBe(201);

    // Silent for long enough, it counts as away: refused before anything is appended.
    const refused = await until(
      () => trackSync(url, event('refused or lost')),
      ({ status }) => status === 503,
    );
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    const last = await trackSync(url, event('refused'));
    expect(last.status).toBe(503);
    thaw();
    await untilReady(url);
    const after = await until(
      () => trackSync(url, event('after')),
      ({ status }) => status === 201,
    );
    expect(after.body['users']).toMatchObject([{ custom_events: [{ name: 'after' }] }]);

    const names = await namesIn(folder);
    expect(names.filter((name) => name === 'answer lost')).toHaveLength(1);
    expect(names).toContain('async');
    expect(names).not.toContain('refused');
  }, 60_000);

  it('NATS: calls end in time with 503 or 504, and work again by themselves', async () => {
    const { url, freezeService } = await start();
    const thaw = await freezeService('nats-server');
    for (const call of [trackSync, track]) {
      const { status } = await call(url, event('while frozen'));
      expect([503, 504]).toContain(status);
    }
    thaw();
    await until(
      () => trackSync(url, event('after')),
      ({ status }) => status === 201,
    );
  }, 60_000);

  it('the log process: calls end in time with 503 or 504, and work again by themselves', async () => {
    const { url, freezeService } = await start();
    const thaw = await freezeService('eventstore');
    const { status } = await trackSync(url, event('while frozen'));
    expect([503, 504]).toContain(status);
    thaw();
    await until(
      () => trackSync(url, event('after')),
      (answer) => answer.status === 201,
    );
  }, 60_000);
});

it('a stop drops no accepted request', async () => {
  const folder = await temporaryFolder();
  const { hearth } = await startStack({ HEARTH_DATA_DIR: folder });
  const answers: Answer[] = [];
  let stopped = false;
  const callers = Array.from({ length: 8 }, async (_, caller) => {
    for (let index = 0; !stopped; index++) {
      const name = `${caller}.${index}`;
      const answer = await trackSync(hearth.url, event(name)).catch(unlessUndocumented);
      if (answer === undefined) return;
      answers.push(answer);
      if (answer.status !== 201) return;
    }
  });
  await until(
    () => trackSync(hearth.url, event('warm')),
    () => answers.length > 200,
  );
  hearth.kill('SIGTERM');
  await Promise.all(callers);
  stopped = true;
  expect(await hearth.exited).toBe(0);
  // Everybody was either answered or never let in: a 504 or 500 would be an accepted request that was dropped.
  expect(
    [...new Set(answers.map(({ status }) => status))].filter((status) => status !== 201 && status !== 503),
  ).toEqual([]);
}, 60_000);
