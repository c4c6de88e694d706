import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

const stateOf = (pid: number): string =>
  execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim();

/**
 * Stops a process where it is, until it gets SIGCONT; for tests. Resolves when every thread stands still: while the signal is on
 * its way the process may still answer. Throws where there is no such process.
 */
export const freeze = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGSTOP');
  while (!stateOf(pid).startsWith('T')) await pause(1);
};
