import type { Program, Resources, RunningProgram } from './resources.ts';

export interface NodeProgram extends RunningProgram {
  /** Where it listens; undefined for one that does not. */
  readonly url: string | undefined;
}

const READY_DEADLINE_MS = 60_000;

/**
 * Starts a program on this Node and waits until it says that it is ready. Throws, with what it printed, where it ends or
 * stays silent instead.
 */
export const startNode = async (
  resources: Resources,
  {
    title,
    script,
    args = [],
    env,
    readyWithin = READY_DEADLINE_MS,
  }: Pick<Program, 'title' | 'env'> & {
    readonly script: string;
    readonly args?: readonly string[];
    /** Milliseconds. A long log is folded before a service is ready. */
    readonly readyWithin?: number;
  },
): Promise<NodeProgram> => {
  const running = resources.start({
    title,
    command: process.execPath,
    // As this process was started, which is how `npm start` runs Hearth; the same for every server.
    args: [...process.execArgv.filter((flag) => !flag.startsWith('--inspect')), script, ...args],
    env: { ...cleanEnvironment(), ...env },
    channel: true,
  });
  const ready = Promise.withResolvers<string | undefined>();
  running.child.on('message', (message: { hearth?: string; url?: string }) => {
    if (message.hearth === 'ready') ready.resolve(message.url);
  });
  const late = setTimeout(
    () =>
      ready.reject(new Error(`${title} was not ready within ${readyWithin / 1000} s:\n${running.output()}`)),
    readyWithin,
  );
  void running.ended.then(() =>
    ready.reject(new Error(`${title} ended before it was ready:\n${running.output()}`)),
  );
  try {
    return Object.assign(running, { url: await ready.promise });
  } finally {
    clearTimeout(late);
  }
};

/** What is measured is the same on every machine, so settings that happen to stand in the environment are left out. */
export const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEARTH_')));
