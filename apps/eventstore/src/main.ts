import { eventLogFile, openMessaging } from '@hearth/backends';
import { serveEventStore } from '@hearth/eventstore-nats';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import { createHttpApp, listen, openDataFolder, runService } from '@hearth/nest-kit';
import { config } from './config.ts';

const settings = config();

/** The log process: the one writer of the SQLite log, for services that run as processes of their own on this machine. */
await runService('eventstore', settings, async (service) => {
  const { health, lifecycle, logger } = service;
  const file = eventLogFile(openDataFolder(settings.dataDir));
  const store = await openSqliteEventStore({ file });
  lifecycle.onStop('close', 'event store', () => store.close());
  health.check('eventStore', () => store.availability === 'available' || 'the log is closed');
  const messaging = await openMessaging(settings, service);

  const app = await createHttpApp({ module: class EventStoreApp {} }, service);
  const url = await listen(app, service, settings);
  const served = serveEventStore(store, messaging);
  lifecycle.onStop('intake', 'appends', () => served.stop());
  await messaging.flush();
  logger.info({ file, storeId: store.storeId, head: await store.head() }, 'the log is open');
  return url;
});
