import { once, EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { silentLogger } from '@hearth/nest-kit';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProcessPlan } from './plan.ts';
import type { SupervisionOptions } from './supervised-process.ts';
import { supervisor, type Supervisor } from './supervisor.ts';

const script = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const service = (name: string, mode = 'well'): ProcessPlan => ({
  name,
  script: script('./testing/service.ts'),
  args: [mode, name],
  env: {},
});

const running: Supervisor[] = [];
afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())));

const stack = (
  waves: readonly (readonly ProcessPlan[])[],
  options: Partial<Omit<SupervisionOptions, 'show'>> = {},
) => {
  const said: string[] = [];
  const news = new EventEmitter();
  const one = supervisor(waves, {
    logger: silentLogger,
    environment: process.env,
    show: () => (line) => {
      said.push(line);
      news.emit('line');
    },
    stopTimeoutMs: 20_000,
    backOffMs: 1,
    ...options,
  });
  running.push(one);
  const whenSaid = async (count: number, text: string): Promise<number[]> => {
    for (;;) {
      const pids = said
        .filter((line) => line.startsWith(`${text} `))
        .map((line) => Number(line.split(' ').at(-1)));
      if (pids.length >= count) return pids;
      await once(news, 'line');
    }
  };
  const words = () => said.map((line) => line.replace(/ \d+$/, ''));
  return { one, said, whenSaid, words };
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the supervisor', () => {
  it('starts wave after wave and stops them in the opposite order', async () => {
    const { one, words } = stack([[service('log')], [service('projection')], [service('gateway')]]);
    await one.start();
    await one.stop();
    expect(words()).toEqual([
      'log ready',
      'projection ready',
      'gateway ready',
      'gateway stopped',
      'projection stopped',
      'log stopped',
    ]);
  });

  it('gives up where a process ends before it is ready, shows why, and leaves nothing running', async () => {
    const { one, words, whenSaid } = stack([
      [service('log')],
      [service('broken', 'fails')],
      [service('gateway')],
    ]);
    await expect(one.start()).rejects.toThrow('broken ended with exit code 3 before it was ready');
    const [pid] = await whenSaid(1, 'log ready');
    await one.stop();
    expect(words()).toEqual(['log ready', 'broken has no disk', 'log stopped']);
    expect(isAlive(pid!)).toBe(false);
  });

  it('gives up where a process is not ready in time', async () => {
    const { one } = stack([[service('slow', 'never-ready')]], { startTimeoutMs: 300 });
    await expect(one.start()).rejects.toThrow('slow was not ready within 0.3 s');
  });

  it('starts a crashed process anew, again and again', async () => {
    const { one, whenSaid } = stack([[service('log')]]);
    await one.start();
    for (const times of [1, 2, 3]) {
      const pids = await whenSaid(times, 'log ready');
      process.kill(pids.at(-1)!, 'SIGKILL');
    }
    const pids = await whenSaid(4, 'log ready');
    expect(new Set(pids).size).toBe(4);
  });

  it('ends a process by force that does not stop', async () => {
    const { one, whenSaid } = stack([[service('stubborn', 'stubborn')]], { stopTimeoutMs: 100 });
    await one.start();
    const [pid] = await whenSaid(1, 'stubborn ready');
    await one.stop();
    expect(isAlive(pid!)).toBe(false);
  });

  it('runs a program that is not ours behind a guard, and takes both down', async () => {
    const guarded: ProcessPlan = {
      name: 'guarded',
      script: script('./guard.ts'),
      args: [process.execPath, script('./testing/service.ts'), 'well', 'program'],
      env: {},
      isReady: () => Promise.resolve(said.some((line) => line.startsWith('program ready'))),
    };
    const { one, said, whenSaid } = stack([[guarded]]);
    await one.start();
    const [pid] = await whenSaid(1, 'program ready');
    await one.stop();
    expect(isAlive(pid!)).toBe(false);
  });
});
