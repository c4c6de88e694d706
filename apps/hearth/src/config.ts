import { parseConfig, settings, type ConfigOf } from '@hearth/nest-kit';

/** What the command takes from its environment: what the services know the log by, and where they listen. */
const commandSettings = {
  dataDir: settings.dataDir,
  eventStore: settings.eventStore,
  secret: settings.secret,
  partitions: settings.partitions,
  port: settings.port,
  apiKey: settings.apiKey,
} as const;

export type CommandConfig = ConfigOf<typeof commandSettings>;

/** Reads the settings. Throws a `ConfigError` with every problem. */
export const commandConfig = (): CommandConfig => parseConfig(commandSettings, process.env);
