import { join } from 'node:path';
import type { EventStore } from '@hearth/eventing';
import { kurrentdbEventStore } from '@hearth/eventstore-kurrentdb';
import { natsEventStore } from '@hearth/eventstore-nats';
import { openSqliteEventStore, type SqliteEventStore } from '@hearth/eventstore-sqlite';
import type { Messaging } from '@hearth/messaging';
import { openDataFolder } from '@hearth/nest-kit';

export interface EventStoreConfig {
  /** `sqlite`, or a connection string of KurrentDB. */
  readonly eventStore: string;
  readonly dataDir: string;
}

export interface EventStoreOptions {
  /**
   * The way to the process that writes the SQLite log, where it is another one of this machine. Without it this process
   * writes the log itself, which only one can.
   */
  readonly messaging?: Messaging | undefined;
  /** How long to wait for a server, or a log, that is not there yet (default 5,000). */
  readonly openTimeoutMs?: number;
}

/** The SQLite log of a data folder. */
export const eventLogFile = (dataDir: string): string => join(dataDir, 'events.db');

/** Opens the SQLite log of a data folder, which is made where it is missing, as the one process that writes it. */
export const writableLogFor = (dataDir: string): Promise<SqliteEventStore> =>
  openSqliteEventStore({ file: eventLogFile(openDataFolder(dataDir)) });

/** Opens the event store that the settings name. For a process that is no service, such as a command: the caller closes it. */
export const eventStoreFor = (
  { eventStore, dataDir }: EventStoreConfig,
  { messaging, openTimeoutMs = 5_000 }: EventStoreOptions = {},
): Promise<EventStore> => {
  if (eventStore !== 'sqlite')
    return kurrentdbEventStore({ connectionString: eventStore, openPatience: openTimeoutMs });
  return messaging
    ? natsEventStore({ messaging, file: eventLogFile(openDataFolder(dataDir)), openTimeoutMs })
    : writableLogFor(dataDir);
};
