import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { eventLogFile, eventStoreFor, writableLogFor } from '@hearth/backends';
import { EventStoreError } from '@hearth/eventing';
import { openSqliteEventReader } from '@hearth/eventstore-sqlite';
import { threadScript } from '@hearth/threads';

import type { Logs } from './context.ts';
import { Failure } from './failure.ts';
import { mindingRoom } from './minding-room.ts';

export interface LogConfig {
  /** The data folder, as an absolute path. */
  readonly folder: string;
  /** `sqlite`, or a connection string of KurrentDB. */
  readonly eventStore: string;
}

/** What this user may still write to the disk of a folder. */
const freeBytes = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/** A log in a SQLite file: any number read it, one process writes it. */
const sqliteLogs = (folder: string): Logs => {
  const file = eventLogFile(folder);
  return {
    openReader: async () => {
      if (!existsSync(file))
        throw new Failure(
          `there is no log in ${folder}: set HEARTH_DATA_DIR to the data folder of a deployment that was started once`,
        );
      return openSqliteEventReader({ file });
    },
    openStore: async () => {
      try {
        return mindingRoom(await writableLogFor(folder), folder, freeBytes);
      } catch (error) {
        if (!(error instanceof EventStoreError) || error.code !== 'store_in_use') throw error;
        throw new Failure(`a service is running on ${folder}: stop it first, then run this again`, {
          cause: error,
        });
      }
    },
    module: { url: threadScript(import.meta.url, 'log-file').href, settings: file },
    importBatch: undefined,
  };
};

/** A log on a server. Batches are spread over connections there, which loses the order between streams. */
const serverLogs = ({ folder, eventStore }: LogConfig): Logs => {
  const open = () => eventStoreFor({ eventStore, dataDir: folder });
  return { openReader: open, openStore: open, module: undefined, importBatch: 1 };
};

/** The log that the settings name. Nothing is opened yet. */
export const openLogs = (config: LogConfig): Logs =>
  config.eventStore === 'sqlite' ? sqliteLogs(config.folder) : serverLogs(config);
