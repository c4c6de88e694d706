import { randomUUID } from 'node:crypto';
import { openEventStore, openMessaging } from '@hearth/backends';
import { openIngestion } from '@hearth/ingestion';
import { createHttpApp, listen, loadConfig, openDataFolder, openSecret, runService } from '@hearth/nest-kit';
import { ingestionSettings } from './config.ts';

const config = loadConfig(ingestionSettings, process.env);

await runService('ingestion', config, async (service) => {
  const secret = openSecret(openDataFolder(config.dataDir), config.secret);
  const messaging = await openMessaging(config, service);
  const store = await openEventStore(config, service, { messaging });
  const { module, http, firstKey } = await openIngestion(
    service,
    { store, messaging, clock: Date, newId: randomUUID },
    {
      secret,
      timeoutMs: config.syncTimeoutMs,
      ...(config.apiKey !== undefined && { apiKey: config.apiKey }),
    },
  );
  const app = await createHttpApp(module, { ...service, ...http });
  const url = await listen(app, service, config);
  if (firstKey !== undefined) process.stdout.write(`API key (shown once, keep it): ${firstKey}\n`);
  return url;
});
