import { describe, expect, it, onTestFinished } from 'vitest';

import { randomOf } from './fuzz/random.ts';
import { reportOf } from './fuzz/report.ts';
import { fuzzRequests, seedsOf, type FuzzRequest } from './fuzz/requests.ts';
import { sender } from './fuzz/send.ts';
import { checkAnswer, endpoints } from './testing/api-document.ts';
import { trackSync } from './testing/client.ts';
import { temporaryFolder } from './testing/data-folder.ts';
import { freePort, runHearth, startHearth } from './testing/hearth-process.ts';

/** `TEST_FUZZ_SEED` makes another run, or one that failed again. */
// oxlint-disable-next-line node/no-process-env -- a switch of this test alone
const SEED = Number(process.env['TEST_FUZZ_SEED'] ?? 20_251_122);
const REQUESTS = 20_000;
const CONNECTIONS = 16;
const LONGEST_SHOWN = 600;

const shown = ({ mutation, method, path, headers, body }: FuzzRequest): string =>
  `${mutation}: ${method} ${path} ${JSON.stringify(headers)} ${JSON.stringify(body).slice(0, LONGEST_SHOWN)}`;

describe('broken requests', () => {
  it(`of ${REQUESTS} kinds get a documented answer, and leave profiles that a rebuild makes again`, async () => {
    const folder = await temporaryFolder();
    const env = { HEARTH_DATA_DIR: folder, HEARTH_PORT: String(await freePort()) };
    const hearth = await startHearth('embedded', env);
    onTestFinished(() => hearth.kill('SIGKILL'));
    const { send, close } = sender(hearth.url);
    onTestFinished(close);

    const requests = fuzzRequests(seedsOf(endpoints), randomOf(SEED));
    const report = reportOf();
    const problems: string[] = [];
    let left = REQUESTS;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        const sent = requests.next().value;
        const answer = await send(sent).catch((error: unknown) => {
          problems.push(`${String(error)} to ${shown(sent)}`);
        });
        if (answer === undefined) continue;
        report.count(sent.mutation, answer.status);
        const broken = checkAnswer({ method: sent.method, path: sent.path, ...answer });
        problems.push(...broken.map((problem) => `${problem} to ${shown(sent)}`));
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    process.stdout.write(`\nbroken requests by mutation and status, seed ${SEED}\n${report.table()}\n`);
    const { exitCode, signalCode } = hearth.child;
    expect({
      problems: problems.slice(0, 5),
      exitCode,
      signalCode,
      output: hearth.output().slice(-LONGEST_SHOWN),
    }).toEqual({ problems: [], exitCode: null, signalCode: null, output: expect.any(String) });
    expect(report.statuses().filter((status) => status >= 500)).toEqual([]);

    const { body } = await trackSync(hearth.url, { attributes: { external_id: 'after', n: { inc: 1 } } });
    expect(body['users']).toEqual([{ external_id: 'after', custom_attributes: { n: 1 } }]);
    expect(hearth.output()).not.toMatch(/request failed|unhandled/i);
    hearth.kill('SIGTERM');
    expect(await hearth.exited).toBe(0);
    expect(await runHearth(['rebuild', 'profiles'], env)).toMatchObject({
      code: 0,
      output: expect.stringContaining('equal'),
    });
  }, 300_000);
});
