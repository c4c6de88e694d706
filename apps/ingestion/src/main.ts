import { randomUUID } from 'node:crypto';
import { openEventStore, openMessaging } from '@hearth/backends';
import { openIngestion } from '@hearth/ingestion';
import { createHttpApp, listen, openDataFolder, openSecret, runService } from '@hearth/nest-kit';
import { config } from './config.ts';

const settings = config();

await runService('ingestion', settings, async (service) => {
  const secret = openSecret(openDataFolder(settings.dataDir), settings.secret);
  const messaging = await openMessaging(settings, service);
  const store = await openEventStore(settings, service, { messaging });
  const { module, http, firstKey } = await openIngestion(
    service,
    { store, messaging, clock: Date, newId: randomUUID },
    {
      secret,
      timeoutMs: settings.syncTimeoutMs,
      ...(settings.apiKey !== undefined && { apiKey: settings.apiKey }),
    },
  );
  const app = await createHttpApp(module, { ...service, ...http });
  const url = await listen(app, service, settings);
  if (firstKey !== undefined) process.stdout.write(`API key (shown once, keep it): ${firstKey}\n`);
  return url;
});
