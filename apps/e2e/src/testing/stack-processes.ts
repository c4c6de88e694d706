import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';

import { freePort, startHearth, type HearthProcess } from './hearth-process.ts';

/** The services of the stack, as the supervisor names them. */
export const SERVICES = ['ingestion', 'profile-projection', 'eventstore', 'nats-server', 'gateway'] as const;
export type Service = (typeof SERVICES)[number];

/** A stack of separate processes, and a way to each of them. */
export interface StackProcesses {
  readonly hearth: HearthProcess;
  /** The process id of a service that runs now; throws where it does not. */
  readonly pidOf: (service: Service) => number;
  /** Which services run now, supervised or left behind. */
  readonly running: () => Service[];
}

/** Inherited by everything a supervisor starts, so that its processes are found. */
const MARK = 'STACK_OF_TEST';

export const startStack = async (env: Readonly<Record<string, string>>): Promise<StackProcesses> => {
  const mark = randomUUID();
  const [port, ingestion, projection, eventstore] = await Promise.all(Array.from({ length: 4 }, freePort));
  const hearth = await startHearth('stack', {
    HEARTH_PORT: String(port),
    HEARTH_INGESTION_PORT: String(ingestion),
    HEARTH_PROFILE_PROJECTION_PORT: String(projection),
    HEARTH_EVENTSTORE_PORT: String(eventstore),
    ...env,
    [MARK]: mark,
  });
  onTestFinished(async () => {
    hearth.kill('SIGTERM');
    await hearth.exited;
  });
  return {
    hearth,
    pidOf: (service) => {
      const pid = processesWith(mark).get(service);
      if (pid === undefined) throw new Error(`${service} does not run`);
      return pid;
    },
    running: () => [...processesWith(mark).keys()],
  };
};

const processesWith = (mark: string): Map<Service, number> => {
  const found = new Map<Service, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const service = serviceOf(pid, mark);
    if (service !== undefined) found.set(service, Number(pid));
  }
  return found;
};

const serviceOf = (pid: string, mark: string): Service | undefined => {
  try {
    if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${mark}`)) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return SERVICES.find((service) =>
      service === 'nats-server'
        ? command[0]?.endsWith('nats-server')
        : command.some((word) => word.endsWith(`apps/${service}/dist/main.js`)),
    );
  } catch {
    return undefined; // ended while we looked
  }
};
