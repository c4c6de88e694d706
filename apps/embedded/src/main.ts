import { resolve } from 'node:path';
import { openEventStore, openMessaging } from '@hearth/backends';
import { ingestionEndpoints, openIngestion } from '@hearth/ingestion';
import {
  createHttpApp,
  listen,
  openDataFolder,
  openSecret,
  randomUuid,
  runService,
  serveMessages,
} from '@hearth/nest-kit';
import { openProfiles, profilesEndpoints } from '@hearth/profiles';
import { openApiAccess, openApiDocument, serveOpenApi } from '@hearth/rest-api';
import { config } from './config.ts';
import { EmbeddedModule } from './embedded.module.ts';
import { welcome } from './welcome.ts';

const settings = config();

/** Everything in one process: the same modules as the separate services, on adapters that need nothing else. */
await runService('embedded', settings, async (service) => {
  const dataDir = openDataFolder(settings.dataDir);
  const secret = openSecret(dataDir, settings.secret);
  const messaging = await openMessaging(settings, service);
  const store = await openEventStore(settings, service);
  const backends = { store, messaging, clock: Date, newId: randomUuid };

  const access = await openApiAccess(service, backends, settings);
  const profiles = await openProfiles(service, backends, { ...settings, dataDir });
  await serveMessages(profiles.module, messaging, service);
  profiles.serve();

  const { apiKey, trustProxy, syncTimeoutMs: timeoutMs } = settings;
  const idempotencyRetentionMs = settings.idempotencyRetentionHours * 3_600_000;
  const ingestion = await openIngestion(
    service,
    { ...backends, access },
    // A log written by this process is heard of at once; KurrentDB takes its time.
    {
      secret,
      timeoutMs,
      idempotencyRetentionMs,
      track: settings,
      rideAlong: settings.eventStore !== 'sqlite',
    },
  );
  const modules = EmbeddedModule.with(ingestion.module, profiles.module);
  const app = await createHttpApp(modules, {
    ...service,
    ...ingestion.http,
    trustProxy,
    fastify: (instance) => {
      ingestion.http.fastify(instance);
      serveOpenApi(instance, () => openApiDocument([...ingestionEndpoints, ...profilesEndpoints]));
    },
  });
  const url = await listen(app, service, settings);

  const { firstKey } = ingestion;
  process.stdout.write(
    welcome({ url, dataDir: resolve(dataDir), firstKey, keyIsConfigured: apiKey !== undefined }),
  );
  return url;
});
