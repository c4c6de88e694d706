import { serviceSettings, settings } from '@hearth/nest-kit';

/** What the ingestion process takes from its environment. */
export const ingestionSettings = {
  ...serviceSettings,
  dataDir: settings.dataDir,
  eventStore: settings.eventStore,
  natsUrl: settings.natsUrl,
  apiKey: settings.apiKey,
  secret: settings.secret,
  syncTimeoutMs: settings.syncTimeoutMs,
} as const;
