import { randomUUID } from 'node:crypto';
import { openEventStore, openMessaging } from '@hearth/backends';
import {
  connectMessaging,
  createHttpApp,
  listen,
  loadConfig,
  openDataFolder,
  runService,
} from '@hearth/nest-kit';
import { openProfiles } from '@hearth/profiles';
import { profileProjectionSettings } from './config.ts';

const config = loadConfig(profileProjectionSettings, process.env);

/** The owner of some partitions of profiles: folds the log, and answers `profiles.read` and `profiles.resolve`. */
await runService('profile-projection', config, async (service) => {
  const dataDir = openDataFolder(config.dataDir);
  const messaging = await openMessaging(config, service);
  const store = await openEventStore(config, service, { messaging });
  const { module, serve } = await openProfiles(
    service,
    { store, messaging, clock: Date, newId: randomUUID },
    { dataDir, partitions: config.partitions },
  );
  const app = await createHttpApp(module, service);
  connectMessaging(app, messaging);
  await app.startAllMicroservices();
  const url = await listen(app, service, config);
  serve();
  return url;
});
