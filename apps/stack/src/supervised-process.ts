import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError, SUPERVISED, type Logger } from '@hearth/nest-kit';
import { eachLine } from './lines.ts';
import type { ProcessPlan } from './plan.ts';

export interface SupervisedProcess {
  readonly name: string;
  /** Starts it. Resolves when it is ready for the first time, and throws a `StartError` where it ends before that. */
  start(): Promise<void>;
  /** Stops it, by force where it does not in time. Resolves when it is gone. */
  stop(): Promise<void>;
}

export interface SupervisionOptions {
  readonly logger: Logger;
  /** Everything the processes inherit. */
  readonly environment: NodeJS.ProcessEnv;
  /** Shows a line of the process's output. */
  readonly show: (line: string) => void;
  readonly stopTimeoutMs: number;
  readonly startTimeoutMs?: number;
  /** The pause before the first restart; it doubles with each one that follows soon. */
  readonly backOffMs?: number;
}

const LONGEST_BACK_OFF_MS = 10_000;
/** One that ran for this long was well: its next restart is a first one again. */
const WELL_AFTER_MS = 30_000;
const POLL_MS = 50;

const isReadyMessage = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'hearth' in message && message.hearth === 'ready';

const exited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Services run as the supervisor does, except that one debugger can listen on a port. */
const nodeFlags = process.execArgv.filter((flag) => !flag.startsWith('--inspect'));

/** Leads a process group of its own, so Ctrl-C in a terminal reaches the supervisor alone, which stops all in order. */
const launch = ({ script, args, env }: ProcessPlan, environment: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, [...nodeFlags, script, ...args, SUPERVISED], {
    detached: true,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });

/** Whatever the process started itself and left behind. */
const endGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left: as it should be.
  }
};

const whenReady = async (
  child: ChildProcess,
  { isReady }: ProcessPlan,
  signal: AbortSignal,
): Promise<void> => {
  if (!isReady) {
    for (;;) {
      const [message] = (await once(child, 'message', { signal })) as [unknown];
      if (isReadyMessage(message)) return;
    }
  }
  while (!(await isReady())) await delay(POLL_MS, undefined, { signal });
};

/** Keeps one process running: starts it anew with growing pauses whenever it ends by itself after its first success. */
export const superviseProcess = (
  plan: ProcessPlan,
  { logger, environment, show, stopTimeoutMs, startTimeoutMs = 60_000, backOffMs = 250 }: SupervisionOptions,
): SupervisedProcess => {
  const { name, shows = () => true } = plan;
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  let restarts = 0;

  const begin = (): { readonly started: ChildProcess; readonly gone: Promise<void> } => {
    const started = launch(plan, environment);
    child = started;
    for (const stream of [started.stdout!, started.stderr!])
      eachLine(stream, (line) => {
        if (shows(line)) show(line);
      });
    const gone = new Promise<void>((resolve) => {
      started.once('exit', () => resolve());
      started.once('error', () => resolve());
    }).then(() => endGroup(started));
    return { started, gone };
  };

  const how = ({ exitCode, signalCode }: ChildProcess): string =>
    signalCode ? `was ended by ${signalCode}` : `ended with exit code ${exitCode ?? 'unknown'}`;

  const keepRunning = async (first: ReturnType<typeof begin>): Promise<void> => {
    let { started, gone } = first;
    for (;;) {
      const began = performance.now();
      await gone;
      if (stopping.signal.aborted) return;
      restarts = performance.now() - began > WELL_AFTER_MS ? 0 : restarts + 1;
      const pause = Math.min(backOffMs * 2 ** Math.max(0, restarts - 1), LONGEST_BACK_OFF_MS);
      logger.error({ process: name, restartInMs: pause }, `${name} ${how(started)} and is started anew`);
      try {
        await delay(pause, undefined, { signal: stopping.signal });
      } catch {
        return;
      }
      ({ started, gone } = begin());
    }
  };

  const start = async (): Promise<void> => {
    const first = begin();
    const { started, gone } = first;
    const giveUp = new AbortController();
    const outcome = await Promise.race([
      whenReady(started, plan, giveUp.signal).then(
        () => 'ready' as const,
        () => 'gone' as const,
      ),
      gone.then(() => 'gone' as const),
      delay(startTimeoutMs, 'late' as const, { signal: giveUp.signal }),
    ]);
    giveUp.abort();
    if (stopping.signal.aborted) return;
    if (outcome === 'gone')
      throw new StartError(`${name} ${how(started)} before it was ready; its reason is above`);
    if (outcome === 'late') throw new StartError(`${name} was not ready within ${startTimeoutMs / 1000} s`);
    void keepRunning(first);
  };

  const stop = async (): Promise<void> => {
    stopping.abort();
    const last = child;
    if (!last || last.pid === undefined || exited(last)) return;
    const gone = once(last, 'exit');
    last.kill('SIGTERM');
    const patience = new AbortController();
    const late = delay(stopTimeoutMs, 'late' as const, { signal: patience.signal }).catch(
      () => 'gone' as const,
    );
    if ((await Promise.race([gone, late])) === 'late') {
      logger.error(
        { process: name },
        `${name} did not stop within ${stopTimeoutMs} ms and is ended by force`,
      );
      endGroup(last);
      await gone;
    }
    patience.abort();
  };

  return { name, start, stop };
};
