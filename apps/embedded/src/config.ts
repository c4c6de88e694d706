import {
  apiAccessSettings,
  loadConfig,
  type ConfigOf,
  serviceSettings,
  settings,
  trackSettings,
} from '@hearth/nest-kit';

/** What the embedded process takes from its environment. */
const embeddedSettings = {
  ...serviceSettings,
  dataDir: settings.dataDir,
  eventStore: settings.eventStore,
  natsUrl: settings.natsUrl,
  ...apiAccessSettings,
  secret: settings.secret,
  partitions: settings.partitions,
  baseCurrency: settings.baseCurrency,
  exportUrl: settings.exportUrl,
  allowPrivateCallbacks: settings.allowPrivateCallbacks,
  syncTimeoutMs: settings.syncTimeoutMs,
  idempotencyRetentionHours: settings.idempotencyRetentionHours,
  ...trackSettings,
} as const;

/** The settings of this process; a problem with one of them ends it. */
export const config = (): ConfigOf<typeof embeddedSettings> => loadConfig(embeddedSettings, process.env);
