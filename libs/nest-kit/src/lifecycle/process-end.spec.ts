import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../testing/lifecycle-process.ts', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

const started = async (mode = 'plain') => {
  const child = fork(script, [mode], { silent: true, execArgv: [] });
  children.push(child);
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout! });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  const waitFor = async (line: string) => {
    if (!said.includes(line)) await once(lines, `said ${line}`);
  };
  lines.on('line', (line) => {
    said.push(line);
    lines.emit(`said ${line}`);
  });
  await waitFor('running');
  return { child, said, exited, waitFor };
};

describe('the end of a process', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('is in order and clean on %s', async (signal) => {
    const { child, said, exited } = await started();
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
    expect(said).toEqual(['running', 'stopping', 'closed']);
  });

  it('counts signals that arrive together as one', async () => {
    const { child, said, exited } = await started();
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(said).toContain('closed');
  });

  it('comes at once with a second signal', async () => {
    const { child, exited, waitFor } = await started('hang');
    child.kill('SIGINT');
    await waitFor('stopping');
    await delay(600); // longer than the repeats of one press of Ctrl-C
    child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
  });

  it('comes in order when the supervisor is gone', async () => {
    const { child, said, exited } = await started();
    child.disconnect();
    expect(await exited).toEqual([0, null]);
    expect(said).toContain('closed');
  });

  it('comes with exit code 1 on an exception that nobody caught', async () => {
    const { exited } = await started('throw');
    expect(await exited).toEqual([1, null]);
  });
});
