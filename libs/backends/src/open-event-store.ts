import { setTimeout as delay } from 'node:timers/promises';
import { EventStoreUnavailable, type EventStore } from '@hearth/eventing';
import type { SqliteEventStore } from '@hearth/eventstore-sqlite';
import { occasionally, type Service } from '@hearth/nest-kit';
import {
  eventStoreFor,
  writableLogFor,
  type EventStoreConfig,
  type EventStoreOptions,
} from './event-store-for.ts';

const RETRY_MS = 250;
const QUIET_MS = 5_000;

/** Opens a store that may not be there yet: services start in any order. Errors that no waiting mends are thrown. */
const onceAvailable = async <Store extends EventStore>(
  open: () => Promise<Store>,
  { logger, lifecycle }: Service,
): Promise<Store> => {
  const waiting = occasionally(QUIET_MS, (reason: string) =>
    logger.warn({ reason }, 'waiting for the event store'),
  );
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof EventStoreUnavailable) || lifecycle.stopping) throw error;
      waiting(error.message);
      await delay(RETRY_MS);
    }
  }
};

const opened = async <Store extends EventStore>(
  open: () => Promise<Store>,
  service: Service,
): Promise<Store> => {
  const store = await onceAvailable(open, service);
  service.health.check(
    'eventStore',
    () => store.availability === 'available' || 'the event store cannot be reached',
  );
  service.lifecycle.onStop('close', 'event store', () => store.close());
  return store;
};

/**
 * The event store of a service, as the settings name it. Waits for one that is not there yet. The service is ready only
 * while the store is available, and closes it when it stops.
 */
export const openEventStore = (
  config: EventStoreConfig,
  service: Service,
  options: EventStoreOptions = {},
): Promise<EventStore> => opened(() => eventStoreFor(config, options), service);

/** The SQLite log for the service that writes it on behalf of others, on the same terms. */
export const openWritableLog = (
  { dataDir }: Pick<EventStoreConfig, 'dataDir'>,
  service: Service,
): Promise<SqliteEventStore> => opened(() => writableLogFor(dataDir), service);
