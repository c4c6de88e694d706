import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { openEventStore, openMessaging } from '@hearth/backends';
import { openIngestion } from '@hearth/ingestion';
import {
  createHttpApp,
  listen,
  loadConfig,
  openDataFolder,
  openSecret,
  runService,
  serveMessages,
} from '@hearth/nest-kit';
import { openProfiles } from '@hearth/profiles';
import { embeddedSettings } from './config.ts';
import { welcome } from './welcome.ts';

const config = loadConfig(embeddedSettings, process.env);

/** Everything in one process: the same modules as the separate services, on adapters that need nothing else. */
await runService('embedded', config, async (service) => {
  const dataDir = openDataFolder(config.dataDir);
  const secret = openSecret(dataDir, config.secret);
  const messaging = await openMessaging(config, service);
  const store = await openEventStore(config, service);
  const backends = { store, messaging, clock: Date, newId: randomUUID };

  const profiles = await openProfiles(service, backends, { dataDir, partitions: config.partitions });
  await serveMessages(profiles.module, messaging, service);
  profiles.serve();

  const { apiKey, syncTimeoutMs: timeoutMs } = config;
  const ingestion = await openIngestion(service, backends, {
    secret,
    timeoutMs,
    ...(apiKey !== undefined && { apiKey }),
  });
  const app = await createHttpApp(ingestion.module, { ...service, ...ingestion.http });
  const url = await listen(app, service, config);

  const { firstKey } = ingestion;
  process.stdout.write(
    welcome({ url, dataDir: resolve(dataDir), firstKey, keyIsConfigured: apiKey !== undefined }),
  );
  return url;
});
