import {
  apiAccessSettings,
  loadConfig,
  type ConfigOf,
  required,
  serviceSettings,
  settings,
  trackSettings,
} from '@hearth/nest-kit';

/** What the ingestion process takes from its environment. Profiles are another process, so there must be a NATS between. */
const ingestionSettings = {
  ...serviceSettings,
  dataDir: settings.dataDir,
  eventStore: settings.eventStore,
  natsUrl: required(settings.natsUrl),
  ...apiAccessSettings,
  secret: settings.secret,
  syncTimeoutMs: settings.syncTimeoutMs,
  idempotencyRetentionHours: settings.idempotencyRetentionHours,
  ...trackSettings,
} as const;

/** The settings of this process; a problem with one of them ends it. */
export const config = (): ConfigOf<typeof ingestionSettings> => loadConfig(ingestionSettings, process.env);
