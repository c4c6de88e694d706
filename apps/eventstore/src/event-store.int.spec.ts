import {
  appendWithoutPause,
  eventStoreContract,
  runProgram,
  uniqueName,
  type AcknowledgedAppend,
  type StoreUnderTest,
} from '@hearth/eventing/testing';
import { afterAll, beforeAll } from 'vitest';
import { startLogServer, type Client, type LogServer } from './testing/log-server.ts';

let server: LogServer;
beforeAll(async () => {
  server = await startLogServer();
});
afterAll(() => server.dispose());

const APPEND_TIMEOUT_MS = 1_500;

const open = async (): Promise<StoreUnderTest> => {
  let client = await server.client({ appendTimeoutMs: APPEND_TIMEOUT_MS });
  return {
    get store() {
      return client.store;
    },
    reopen: async () => {
      await client.close();
      client = await server.client({ appendTimeoutMs: APPEND_TIMEOUT_MS });
      return client.store;
    },
    dispose: () => client.close(),
  };
};

const writer = new URL('testing/writer-process.ts', import.meta.url);

eventStoreContract('a log process over NATS', {
  open,
  freshLog: false,
  distantRepeat: 20_000,
  crashes: 4,
  features: {
    secondInstance: async () => {
      const { store, messaging }: Client = await server.client();
      return {
        ...store,
        get availability() {
          return store.availability;
        },
        close: async () => {
          await store.close();
          await messaging.close();
        },
      };
    },
    writerProcess: async (_, { stream, appends }) => {
      const run = runProgram(writer, [server.file, server.nats.url, stream, String(appends)]);
      let acknowledged: AcknowledgedAppend[] | undefined;
      for await (const line of run.lines) acknowledged = JSON.parse(line) as AcknowledgedAppend[];
      const { stderr } = await run.ended;
      if (!acknowledged) throw new Error(`The writer got nothing: ${stderr}`);
      return acknowledged;
    },
    interruption: () => ({ interrupt: () => server.killLog(), resume: () => server.startLog() }),
    crash: async ({ store }, wanted) => {
      const appends: AcknowledgedAppend[] = [];
      const ending = new AbortController();
      const enough = Promise.withResolvers<void>();
      const writing = appendWithoutPause(
        store,
        uniqueName('crash'),
        (append) => {
          appends.push(append);
          if (appends.length === wanted) enough.resolve();
        },
        ending.signal,
      ).catch(() => undefined);
      await enough.promise;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 12));
      await server.killLog();
      ending.abort();
      await writing;
      await server.startLog();
      return appends;
    },
  },
});
