import { required, serviceSettings, settings } from '@hearth/nest-kit';

/** What the process takes from its environment. Whoever asks for profiles is another process, so there must be a NATS between. */
export const profileProjectionSettings = {
  ...serviceSettings,
  dataDir: settings.dataDir,
  eventStore: settings.eventStore,
  natsUrl: required(settings.natsUrl),
  partitions: settings.partitions,
} as const;
