import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EventStoreUnavailable, type EventStore } from '@hearth/eventing';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import type { Messaging } from '@hearth/messaging';
import { occasionally, openDataFolder, StartError, type Service } from '@hearth/nest-kit';

export interface EventStoreConfig {
  /** `sqlite`, or a connection string of KurrentDB. */
  readonly eventStore: string;
  readonly dataDir: string;
}

/** The SQLite log of a data folder. */
export const eventLogFile = (dataDir: string): string => join(dataDir, 'events.db');

export interface EventStoreOptions {
  /**
   * How the SQLite log is reached that another process of this machine writes. Without it this process is the one that
   * writes it, which only one can.
   */
  readonly messaging?: Messaging;
}

/** Opens the store of a process that is no service, such as a command: the caller closes it. */
export const eventStoreFor = async (
  { eventStore, dataDir }: EventStoreConfig,
  { messaging }: EventStoreOptions = {},
): Promise<EventStore> => {
  if (eventStore !== 'sqlite' || messaging)
    throw new StartError(`${eventStore} cannot be opened in this way`);
  return openSqliteEventStore({ file: eventLogFile(openDataFolder(dataDir)) });
};

const RETRY_MS = 250;
const QUIET_MS = 5_000;

/** Opens a store that may not be there yet: services start in any order. Errors that no waiting mends are thrown. */
const onceAvailable = async (
  open: () => Promise<EventStore>,
  { logger, lifecycle }: Service,
): Promise<EventStore> => {
  const waiting = occasionally(QUIET_MS, (err) => logger.warn({ err }, 'waiting for the event store'));
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof EventStoreUnavailable) || lifecycle.stopping) throw error;
      waiting(error);
      await delay(RETRY_MS);
    }
  }
};

/**
 * The event store of a service, as the settings name it. Waits for one that is not there yet. The service is ready only
 * while the store is available, and closes it when it stops.
 */
export const openEventStore = async (
  config: EventStoreConfig,
  service: Service,
  options: EventStoreOptions = {},
): Promise<EventStore> => {
  const store = await onceAvailable(() => eventStoreFor(config, options), service);
  service.health.check(
    'eventStore',
    () => store.availability === 'available' || 'the event store cannot be reached',
  );
  service.lifecycle.onStop('close', 'event store', () => store.close());
  return store;
};
