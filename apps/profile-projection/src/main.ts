import { openEventStore, openMessaging } from '@hearth/backends';
import {
  connectMessaging,
  createHttpApp,
  listen,
  openDataFolder,
  randomUuid,
  runService,
} from '@hearth/nest-kit';
import { openProfiles } from '@hearth/profiles';
import { openApiAccess } from '@hearth/rest-api';
import { config } from './config.ts';

const settings = config();

/** The owner of some partitions of profiles: folds the log, and answers `profiles.read` and `profiles.resolve`. */
await runService('profile-projection', settings, async (service) => {
  const dataDir = openDataFolder(settings.dataDir);
  const messaging = await openMessaging(settings, service);
  const store = await openEventStore(settings, service, { messaging });
  const backends = { store, messaging, clock: Date, newId: randomUuid };
  const access = await openApiAccess(service, backends, settings);
  const { module, serve } = await openProfiles(service, backends, { ...settings, dataDir });
  const app = await createHttpApp(module, {
    ...service,
    trustProxy: settings.trustProxy,
    fastify: access.install,
  });
  connectMessaging(app, messaging);
  await app.startAllMicroservices();
  const url = await listen(app, service, settings);
  serve();
  return url;
});
