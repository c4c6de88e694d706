import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fingerprintOf, openSecret } from '@hearth/nest-kit';

import type { CommandConfig } from './config.ts';
import type { CommandContext, DeploymentSecret } from './context.ts';
import { openLogs } from './open-logs.ts';
import { showProgress, type StandardError } from './output/progress.ts';
import type { Write } from './output/write-to.ts';
import { restClient } from './rest-client.ts';

export interface ProcessIo {
  readonly write: Write;
  readonly stderr: StandardError;
  readonly signal: AbortSignal;
}

/** The secret as it is set, or as the data folder has it. A command never makes one: that is for the services. */
const secretOf = (folder: string, setting: string | undefined): DeploymentSecret | undefined => {
  if (setting !== undefined) return { value: setting, fingerprint: fingerprintOf(setting) };
  return existsSync(join(folder, 'secret')) ? openSecret(folder) : undefined;
};

/** Everything a command needs, by the settings. Nothing is opened or written yet. */
export const openContext = (config: CommandConfig, { write, stderr, signal }: ProcessIo): CommandContext => {
  const folder = resolve(config.dataDir);
  const now = (): number => performance.now();
  return {
    logs: openLogs({ folder, eventStore: config.eventStore }),
    secret: () => secretOf(folder, config.secret),
    dataDir: folder,
    partitions: config.partitions,
    server: ({ url = `http://127.0.0.1:${config.port}`, apiKey = config.apiKey }) =>
      restClient({ url, apiKey }, signal),
    write,
    say: (line) => void stderr.write(`hearth: ${line}\n`),
    progress: (label) => showProgress({ stderr, now }, label),
    now,
    signal,
  };
};
