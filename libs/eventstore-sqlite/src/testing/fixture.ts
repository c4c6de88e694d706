import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  runProgram,
  type AcknowledgedAppend,
  type EventStoreFixture,
  type StoreUnderTest,
  uniqueName,
} from '@hearth/eventing/testing';
import { openSqliteEventStore, type SqliteEventStore } from '../index.ts';

/** A folder that goes when the test ends. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** A log file of its own for one test. */
export const temporaryFile = async (): Promise<string> => join(await temporaryFolder(), 'events.db');

/** Opens a store that closes when the test ends. */
export const openStore = async (
  options: Parameters<typeof openSqliteEventStore>[0],
): Promise<SqliteEventStore> => {
  const store = await openSqliteEventStore(options);
  onTestFinished(() => store.close());
  return store;
};

const program = new URL('unceasing-writer.ts', import.meta.url);

const files = new WeakMap<StoreUnderTest, string>();

const crash = async (log: StoreUnderTest, acknowledged: number): Promise<AcknowledgedAppend[]> => {
  await log.store.close();
  const writer = runProgram(program, [files.get(log)!, uniqueName('crash')]);
  const appends: AcknowledgedAppend[] = [];
  for await (const line of writer.lines) {
    // The last line may be cut by the kill.
    if (line.endsWith('}')) appends.push(JSON.parse(line) as AcknowledgedAppend);
    if (appends.length === acknowledged) setTimeout(() => writer.process.kill('SIGKILL'), Math.random() * 12);
  }
  const { signal, stderr } = await writer.ended;
  if (signal !== 'SIGKILL') throw new Error(`The writer ended by itself: ${stderr}`);
  return appends;
};

const oneWriter = { notApplicable: 'one process writes the file; apps/eventstore lets others share it' };

/** The SQLite store in a folder of its own a log. */
export const sqliteFixture: EventStoreFixture = {
  freshLog: true,
  open: async ({ subscriptionBuffer } = {}) => {
    const options = {
      file: await temporaryFile(),
      ...(subscriptionBuffer !== undefined && { subscriptionBuffer: { events: subscriptionBuffer } }),
    };
    let store = await openSqliteEventStore(options);
    const log: StoreUnderTest = {
      get store() {
        return store;
      },
      reopen: async () => {
        await store.close();
        store = await openSqliteEventStore(options);
        return store;
      },
      dispose: () => store.close(),
    };
    files.set(log, options.file);
    return log;
  },
  features: {
    secondInstance: oneWriter,
    writerProcess: oneWriter,
    interruption: { notApplicable: 'there is no server that could be away' },
    crash,
  },
};
