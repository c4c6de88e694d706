import { describe, expect, it, onTestFinished } from 'vitest';

import { post, trackSync, type Answer } from './testing/client.ts';
import { temporaryFolder } from './testing/data-folder.ts';
import { freePort, spawnHearth, untilReady } from './testing/hearth-process.ts';
import { startStack } from './testing/stack-processes.ts';

const LIMIT = 500;
/** The hosted service's limit, in a window that a slow machine ends in as well. */
const settings = {
  HEARTH_RATE_LIMITS: 'braze',
  HEARTH_RATE_LIMIT_OVERRIDES: `users.track.sync=${LIMIT}/10m`,
};
const CONNECTIONS = 16;

/** Two processes that take calls, on one log and one message server. */
const startTwo = async (): Promise<readonly [string, string]> => {
  const [nats, first, second] = await Promise.all([freePort(), freePort(), freePort()]);
  const shared = { HEARTH_DATA_DIR: await temporaryFolder(), ...settings };
  await startStack({ ...shared, HEARTH_NATS_PORT: String(nats), HEARTH_INGESTION_PORT: String(first) });
  const other = spawnHearth('ingestion', {
    ...shared,
    HEARTH_PORT: String(second),
    HEARTH_NATS_URL: `nats://127.0.0.1:${nats}`,
  });
  onTestFinished(async () => {
    other.kill('SIGTERM');
    await other.exited;
  });
  await untilReady(other.url, () => {
    if (other.child.exitCode !== null) throw new Error(`it ended before it was ready:\n${other.output()}`);
  });
  return [`http://127.0.0.1:${first}`, other.url];
};

/** Sends calls to the servers in turn, some at a time. */
const send = async (urls: readonly string[], calls: number): Promise<Answer[]> => {
  const answers: Answer[] = [];
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < calls) {
      const call = sent++;
      const url = urls[call % urls.length]!;
      answers.push(await trackSync(url, { attributes: { external_id: `u${call % 50}`, n: { inc: 1 } } }));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return answers;
};

describe('two processes that take calls', () => {
  it('let 500 synchronous writes through together, and refuse the next one alone', async () => {
    const urls = await startTwo();
    const answers = await send(urls, LIMIT + 1);
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(LIMIT);
    expect(refused).toHaveLength(1);

    const [{ body, headers }] = refused as [Answer];
    expect(body).toEqual({ message: 'Rate limited' });
    expect(headers.get('x-ratelimit-limit')).toBe(String(LIMIT));
    expect(headers.get('x-ratelimit-remaining')).toBe('0');
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(600);
    expect(headers.get('x-ratelimit-retry-after')).toBe(String(seconds));
    expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1_000 - 1);

    // Every answer said how calls stood; no two of them the same.
    const left = answers
      .filter(({ status }) => status === 201)
      .map((answer) => Number(answer.headers.get('x-ratelimit-remaining')));
    expect(left.toSorted((a, b) => a - b)).toEqual(Array.from({ length: LIMIT }, (_, index) => index));
    // Another bucket is not used up.
    expect((await post(urls[0], '/users/track', { events: [] })).status).not.toBe(429);
  }, 120_000);
});
