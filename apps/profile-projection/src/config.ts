import { apiAccessSettings, loadConfig, required, serviceSettings, settings } from '@hearth/nest-kit';

/** Whoever asks for profiles is another process, so there must be a NATS between. */
const wanted = {
  ...serviceSettings,
  dataDir: settings.dataDir,
  eventStore: settings.eventStore,
  natsUrl: required(settings.natsUrl),
  ...apiAccessSettings,
  partitions: settings.partitions,
  baseCurrency: settings.baseCurrency,
  exportUrl: settings.exportUrl,
  allowPrivateCallbacks: settings.allowPrivateCallbacks,
} as const;

/** What the process takes from its environment; a problem with it ends the process. */
export const config = () => loadConfig(wanted, process.env);
