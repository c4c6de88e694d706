import { eventStoreContract, type StoreUnderTest } from '@hearth/eventing/testing';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import { inProcessBus } from '@hearth/messaging';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsEventStore } from './nats-event-store.ts';
import { serveEventStore } from './serve-event-store.ts';

/** Both halves in this process. The real ones, with a NATS server between them, are held to the contract in `apps/eventstore`. */
const open = async (): Promise<StoreUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-log-'));
  const file = join(folder, 'events.db');
  const bus = inProcessBus({ maxPayloadBytes: 1_047_552 });
  const log = await openSqliteEventStore({ file });
  const served = serveEventStore(log, bus.connect());
  const openClient = () => natsEventStore({ messaging: bus.connect(), file, appendTimeoutMs: 500 });
  let store = await openClient();
  return {
    get store() {
      return store;
    },
    reopen: async () => {
      await store.close();
      return (store = await openClient());
    },
    dispose: async () => {
      await store.close();
      await served.stop();
      await log.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const needsProcesses = { notApplicable: 'shown with real processes in apps/eventstore' };

eventStoreContract('a log process, both halves in one process', {
  open,
  freshLog: true,
  distantRepeat: 5_000,
  features: {
    secondInstance: needsProcesses,
    writerProcess: needsProcesses,
    interruption: needsProcesses,
    crash: needsProcesses,
  },
});
