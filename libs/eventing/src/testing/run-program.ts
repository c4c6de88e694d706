import { spawn, type ChildProcessByStdio, type SpawnOptions } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** A TypeScript program that runs as a process of its own. */
export interface RunningProgram {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** What it printed on stdout, line by line; ends with its output. */
  readonly lines: AsyncIterable<string>;
  /** Resolves when the process and its output are over. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>;
}

const sources = fileURLToPath(new URL('resolve-sources.ts', import.meta.url));

/** Starts a program of a test with this process's Node, on the sources of the packages. */
export const runProgram = (
  program: URL,
  args: readonly string[],
  { shell, ...options }: Omit<SpawnOptions, 'stdio' | 'shell'> & { shell?: string } = {},
): RunningProgram => {
  const command = [process.execPath, '--import', sources, fileURLToPath(program), ...args];
  // `shell` is a prefix such as `ulimit -f 100; exec "$@"`.
  const [file, ...rest] = shell === undefined ? command : ['/bin/sh', '-c', shell, 'sh', ...command];
  const child = spawn(file!, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>(
    (resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, stderr }));
    },
  );
  return { process: child, lines: createInterface({ input: child.stdout }), ended };
};
