import { loadConfig, serviceSettings, settings } from '@hearth/nest-kit';

/** The gateway's settings; a problem with one of them ends the process. */
export const config = () =>
  loadConfig(
    {
      ...serviceSettings,
      trustProxy: settings.trustProxy,
      ingestionUrl: settings.ingestionUrl,
      profileProjectionUrl: settings.profileProjectionUrl,
    },
    process.env,
  );
