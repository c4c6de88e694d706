import { serviceSettings, settings } from '@hearth/nest-kit';

/** What the embedded process takes from its environment. */
export const embeddedSettings = {
  ...serviceSettings,
  dataDir: settings.dataDir,
  eventStore: settings.eventStore,
  natsUrl: settings.natsUrl,
  apiKey: settings.apiKey,
  secret: settings.secret,
  partitions: settings.partitions,
  syncTimeoutMs: settings.syncTimeoutMs,
} as const;
