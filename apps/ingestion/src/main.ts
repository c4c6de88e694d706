import { openEventStore, openMessaging } from '@hearth/backends';
import { openIngestion } from '@hearth/ingestion';
import { createHttpApp, listen, openDataFolder, openSecret, randomUuid, runService } from '@hearth/nest-kit';
import { openApiAccess } from '@hearth/rest-api';
import { config } from './config.ts';

const settings = config();

await runService('ingestion', settings, async (service) => {
  const secret = openSecret(openDataFolder(settings.dataDir), settings.secret);
  const messaging = await openMessaging(settings, service);
  const store = await openEventStore(settings, service, { messaging });
  const backends = { store, messaging, clock: Date, newId: randomUuid };
  const access = await openApiAccess(service, backends, settings);
  const { module, http, firstKey } = await openIngestion(
    service,
    { ...backends, access },
    {
      secret,
      timeoutMs: settings.syncTimeoutMs,
      idempotencyRetentionMs: settings.idempotencyRetentionHours * 3_600_000,
      track: settings,
    },
  );
  const app = await createHttpApp(module, { ...service, ...http, trustProxy: settings.trustProxy });
  const url = await listen(app, service, settings);
  if (firstKey !== undefined) process.stdout.write(`API key (shown once, keep it): ${firstKey}\n`);
  return url;
});
