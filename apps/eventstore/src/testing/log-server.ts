import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '@hearth/eventing';
import { runProgram, type RunningProgram } from '@hearth/eventing/testing';
import { natsEventStore } from '@hearth/eventstore-nats';
import type { Messaging } from '@hearth/messaging';
import { natsMessaging } from '@hearth/messaging-nats';
import { startNatsServer, type NatsServer } from '../../../../tools/nats-server.mjs';

/** A nats-server and a log process, which tests kill, freeze and start again. */
export interface LogServer {
  readonly file: string;
  readonly nats: NatsServer;
  /** The log process. */
  readonly pid: number;
  killLog(): Promise<void>;
  startLog(): Promise<void>;
  killNats(): Promise<void>;
  startNats(): Promise<void>;
  /** A client with a connection of its own. Its `close` closes both. */
  client(options?: { appendTimeoutMs?: number }): Promise<Client>;
  dispose(): Promise<void>;
}

export interface Client {
  readonly store: EventStore;
  readonly messaging: Messaging;
  close(): Promise<void>;
}

const program = new URL('log-process.ts', import.meta.url);

export const startLogServer = async (): Promise<LogServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-log-'));
  const file = join(folder, 'events.db');
  let nats = await startNatsServer();
  let log: RunningProgram;
  const clients = new Set<Client>();

  const startLog = async () => {
    log = runProgram(program, [file, nats.url]);
    for await (const line of log.lines) if (line === 'serving') return;
    throw new Error(`The log process ended: ${(await log.ended).stderr}`);
  };
  const killLog = async () => {
    log.process.kill('SIGKILL');
    await log.ended;
  };
  await startLog();

  return {
    file,
    get nats() {
      return nats;
    },
    get pid() {
      return log.process.pid!;
    },
    killLog,
    startLog,
    killNats: () => nats.stop('SIGKILL'),
    startNats: async () => {
      nats = await startNatsServer({ port: nats.port });
    },
    client: async (options = {}) => {
      const messaging = await natsMessaging({ servers: nats.url, name: 'client' });
      const store = await natsEventStore({ messaging, file, ...options });
      const client: Client = {
        store,
        messaging,
        close: async () => {
          clients.delete(client);
          await store.close();
          await messaging.close();
        },
      };
      clients.add(client);
      return client;
    },
    dispose: async () => {
      await Promise.all([...clients].map((client) => client.close()));
      await killLog();
      await nats.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
