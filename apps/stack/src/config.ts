import { apiAccessSettings, loadConfig, settings, trackSettings, type ConfigOf } from '@hearth/nest-kit';

/** What the supervisor reads itself, and what it checks before any service trips over it. */
const stackSettings = {
  port: settings.port,
  host: settings.host,
  dataDir: settings.dataDir,
  eventStore: settings.eventStore,
  natsUrl: settings.natsUrl,
  natsPort: settings.natsPort,
  ingestionPort: settings.ingestionPort,
  profileProjectionPort: settings.profileProjectionPort,
  eventstorePort: settings.eventstorePort,
  ...apiAccessSettings,
  secret: settings.secret,
  logLevel: settings.logLevel,
  logFormat: settings.logFormat,
  syncTimeoutMs: settings.syncTimeoutMs,
  ...trackSettings,
  shutdownTimeoutMs: settings.shutdownTimeoutMs,
} as const;

export type StackConfig = ConfigOf<typeof stackSettings>;

/** The stack's settings; a problem with one of them ends the process. */
export const config = (): StackConfig => loadConfig(stackSettings, process.env);

/** What every service inherits. */
export const inheritedEnvironment = (): NodeJS.ProcessEnv => process.env;
