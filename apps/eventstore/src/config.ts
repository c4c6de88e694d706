import { loadConfig, required, serviceSettings, settings } from '@hearth/nest-kit';

/** The settings of the log process; a problem with one of them ends it. */
export const config = () =>
  loadConfig(
    { ...serviceSettings, dataDir: settings.dataDir, natsUrl: required(settings.natsUrl) },
    process.env,
  );
