import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessMemory {
  /** Bytes of the process in memory now. */
  readonly resident: number;
  /** The most there ever were; only Linux tells. */
  readonly peak?: number;
}

/** How much memory a process holds. */
export const memoryOf = (pid: number): ProcessMemory => {
  if (process.platform !== 'linux')
    return {
      resident: Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024,
    };
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  return { resident: bytes('VmRSS'), peak: bytes('VmHWM') };
};
