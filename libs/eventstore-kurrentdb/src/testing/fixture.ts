import { onTestFinished } from 'vitest';
import {
  runProgram,
  type AcknowledgedAppend,
  type EventStoreFixture,
  type StoreUnderTest,
} from '@hearth/eventing/testing';
import { kurrentdbEventStore, type KurrentdbEventStoreOptions } from '../index.ts';
import { interruptibleProxy, type InterruptibleProxy } from './interruptible-proxy.ts';

/** The one host of a connection string; undefined for a cluster, whose nodes are found past any proxy. */
const hostOf = (connectionString: string): { host: string; port: number } | undefined => {
  const hosts = connectionString
    .replace(/^[a-z+]+:\/\/(?:[^@/]*@)?/, '')
    .split(/[/?]/)[0]!
    .split(',');
  if (hosts.length !== 1 || connectionString.includes('+discover')) return undefined;
  const [host, port = '2113'] = hosts[0]!.split(':');
  return { host: host!, port: Number(port) };
};

/** A proxy before a single node, and the connection string that leads through it. */
export const proxyBefore = async (
  connectionString: string,
): Promise<{ proxy: InterruptibleProxy; through: string } | undefined> => {
  const target = hostOf(connectionString);
  if (!target) return undefined;
  const proxy = await interruptibleProxy(target);
  const through = connectionString.replace(/[^/@,]+?(?=[/?]|$)(?<=:\/\/[^/]*)/, `127.0.0.1:${proxy.port}`);
  return { proxy, through };
};

const program = new URL('contending-writer.ts', import.meta.url);

/**
 * The adapter against the server that a connection string names. It is shared: never empty, and never killed from here;
 * behind a proxy it can be taken away for a while.
 */
export const kurrentdbFixture = (
  connectionString: string,
  patience: Partial<KurrentdbEventStoreOptions> = {},
): EventStoreFixture => {
  const proxies = new WeakMap<StoreUnderTest, InterruptibleProxy>();
  const open = async (subscriptionBuffer?: number): Promise<StoreUnderTest> => {
    const before = await proxyBefore(connectionString);
    const options = {
      connectionString: before?.through ?? connectionString,
      ...patience,
      ...(subscriptionBuffer === undefined ? {} : { subscriptionBuffer }),
    };
    let store = await kurrentdbEventStore(options);
    const log: StoreUnderTest = {
      get store() {
        return store;
      },
      reopen: async () => {
        await store.close();
        store = await kurrentdbEventStore(options);
        return store;
      },
      dispose: async () => {
        await store.close();
        await before?.proxy.close();
      },
    };
    if (before) proxies.set(log, before.proxy);
    return log;
  };

  return {
    freshLog: false,
    distantRepeat: 20_000,
    open: ({ subscriptionBuffer } = {}) => open(subscriptionBuffer),
    features: {
      secondInstance: () => kurrentdbEventStore({ connectionString }),
      writerProcess: async (_, { stream, appends }) => {
        const writer = runProgram(program, [connectionString, stream, String(appends)]);
        onTestFinished(() => void writer.process.kill('SIGKILL'));
        const acknowledged: AcknowledgedAppend[] = [];
        for await (const line of writer.lines) acknowledged.push(JSON.parse(line) as AcknowledgedAppend);
        const { stderr } = await writer.ended;
        if (acknowledged.length !== appends) throw new Error(`The writer stopped early: ${stderr}`);
        return acknowledged;
      },
      interruption: hostOf(connectionString)
        ? (log) => {
            const proxy = proxies.get(log)!;
            return { interrupt: () => proxy.cut(), resume: () => proxy.restore() };
          }
        : { notApplicable: 'the client finds the nodes of a cluster past the proxy' },
      crash: { notApplicable: 'the server belongs to whoever started it, and is not killed by a test' },
    },
  };
};
