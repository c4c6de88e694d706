import { cpus, release, totalmem, type } from 'node:os';

/** What the figures depend on, in a line. Not the name of the machine: that says nothing to others. */
export const machineLine = (): string => {
  const processors = cpus();
  return [
    `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
    `${type()} ${release()}`,
    `Node ${process.versions.node}`,
  ].join(', ');
};
