import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** The key that every process of these tests takes. */
export const API_KEY = 'key-of-the-whole-stack-tests';

/** A running Hearth: one process, or the supervisor of several. */
export interface HearthProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything it has printed so far. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with its exit code, or null where a signal ended it. */
  readonly exited: Promise<number | null>;
}

const appScript = (name: string): string =>
  fileURLToPath(new URL(`../../../${name}/dist/main.js`, import.meta.url));

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    // Below the ports that systems give to outgoing connections, which other tests make all the time.
    const port = randomInt(20_000, 32_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false, // `once` rejects at an error
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
};

/** Starts a process without waiting for anything. Every setting of the surroundings is left out. */
export const spawnHearth = (
  app: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): HearthProcess => {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('HEARTH_')),
  );
  const child = spawn(process.execPath, [appScript(app), ...args], {
    env: { ...inherited, HEARTH_API_KEY: API_KEY, HEARTH_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return {
    url: `http://127.0.0.1:${env['HEARTH_PORT']}`,
    child,
    output: () => printed,
    kill: (signal) => void child.kill(signal),
    exited: once(child, 'close').then(([code]) => code as number | null),
  };
};

/** Starts a Hearth and waits until it is ready. Fails with what it printed where it ends before that. */
export const startHearth = async (
  app: 'embedded' | 'stack',
  env: Readonly<Record<string, string>>,
): Promise<HearthProcess> => {
  const hearth = spawnHearth(app, env);
  let ended = false;
  void hearth.exited.then(() => (ended = true));
  await untilReady(hearth.url, () => {
    if (ended) throw new Error(`${app} ended before it was ready:\n${hearth.output()}`);
  });
  return hearth;
};

/** Waits until an address answers that it is ready. `check` may throw to give up. */
export const untilReady = async (url: string, check: () => void = () => undefined): Promise<void> => {
  for (;;) {
    check();
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    await response?.arrayBuffer();
    if (response?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Runs a command of `hearth` to its end. */
export const runHearth = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> => {
  const hearth = spawnHearth('hearth', env, args);
  const code = await hearth.exited;
  return { code, output: hearth.output() };
};
