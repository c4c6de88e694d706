import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

export interface Program {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Runs it as another user; only root may. */
  readonly user?: SystemUser;
  /** Opens a channel for messages. Node programs of ours end when it closes, so nothing outlives the benchmark. */
  readonly channel?: boolean;
  /** What tells it to stop in order; SIGTERM unless it wants another one. */
  readonly stopSignal?: NodeJS.Signals;
}

export interface RunningProgram {
  readonly title: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** Resolves when it has ended, however that came, and its output is complete. */
  readonly ended: Promise<void>;
  readonly hasEnded: boolean;
  /** The end of what it printed. */
  output(): string;
  stop(): Promise<void>;
}

/** Everything the benchmark starts or writes outside the project, so that all of it goes away again. */
export interface Resources {
  /** A new temporary folder. */
  folder(user?: SystemUser): string;
  start(program: Program): RunningProgram;
  /** What programs that have ended by themselves said last; empty where none has. */
  lastWords(): string;
  /** Stops what still runs, newest first, and removes the folders. Harmless when repeated. */
  release(): Promise<void>;
}

const STOP_DEADLINE_MS = 15_000;
const LAST_WORDS_MS = 1_000;
const OUTPUT_KEPT = 4_000;

export const createResources = (): Resources => {
  const folders: string[] = [];
  const programs: RunningProgram[] = [];
  let released: Promise<void> | undefined;

  const removeFolders = (): void => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  // The last resort, where the process ends without a release.
  process.once('exit', () => {
    for (const { pid, hasEnded } of programs) if (!hasEnded) killGroup(pid, 'SIGKILL');
    removeFolders();
  });

  return {
    folder: (user) => {
      const folder = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
      folders.push(folder);
      chmodSync(folder, 0o700);
      if (user) chownSync(folder, user.uid, user.gid);
      return folder;
    },
    start: (program) => {
      if (released) throw new Error(`the benchmark is stopping, so ${program.title} is not started`);
      const running = run(program);
      programs.push(running);
      return running;
    },
    lastWords: () =>
      programs
        .filter(({ hasEnded, child }) => hasEnded && child.exitCode !== 0)
        .map((program) => {
          const { exitCode, signalCode } = program.child;
          return `${program.title} ended (${signalCode ?? `exit code ${exitCode}`}):\n${program.output()}`;
        })
        .join('\n'),
    release: () =>
      (released ??= (async () => {
        for (const program of programs.toReversed()) await program.stop();
        removeFolders();
      })()),
  };
};

/** A group of its own for each program: Ctrl-C reaches the benchmark alone, and what a program started ends with it. */
const run = ({ title, command, args, env, cwd, user, channel, stopSignal }: Program): RunningProgram => {
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...(channel ? (['ipc'] as const) : [])],
    ...(env && { env }),
    ...(cwd !== undefined && { cwd }),
    ...user,
  });
  let output = '';
  let hasEnded = false;
  const keep = (text: string): void => void (output = (output + text).slice(-OUTPUT_KEPT));
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      hasEnded = true;
      // Its last words may still be on their way; what it left behind may hold its output open for ever.
      const late = setTimeout(resolve, LAST_WORDS_MS);
      child.once('close', () => {
        clearTimeout(late);
        resolve();
      });
    });
    child.once('error', (error) => {
      hasEnded = true;
      keep(error.message);
      resolve();
    });
  });
  const pid = child.pid ?? 0;
  return {
    title,
    pid,
    child,
    ended,
    get hasEnded() {
      return hasEnded;
    },
    output: () => output.trim(),
    stop: async () => {
      if (hasEnded) return ended;
      child.kill(stopSignal ?? 'SIGTERM');
      const late = setTimeout(() => killGroup(pid, 'SIGKILL'), STOP_DEADLINE_MS);
      await ended;
      clearTimeout(late);
    },
  };
};

const killGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    if (pid > 0) process.kill(-pid, signal);
  } catch {
    // It has just ended by itself.
  }
};
