import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveEventStore } from '@hearth/eventstore-nats';
import type { EventStore } from '@hearth/eventing';
import { createHealth, createLifecycle, createMetrics, silentLogger, type Service } from '@hearth/nest-kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startNatsServer } from '../../../tools/nats-server.mjs';
import { openEventStore, openWritableLog } from './open-event-store.ts';
import { openMessaging } from './open-messaging.ts';

let dataDir: string;
const services: Service[] = [];
beforeEach(() => (dataDir = join(mkdtempSync(join(tmpdir(), 'hearth-backends-')), 'data')));
afterEach(async () => {
  for (const { lifecycle } of services.splice(0).toReversed()) await lifecycle.stop('test');
  rmSync(dataDir, { recursive: true, force: true });
});

const service = (name: string): Service => {
  const health = createHealth();
  health.started();
  const lifecycle = createLifecycle({ logger: silentLogger, timeoutMs: 10_000 });
  const one = { name, logger: silentLogger, health, lifecycle, metrics: createMetrics(name) };
  services.push(one);
  return one;
};

const event = (id: string) => ({
  id,
  type: 'CustomEventRecorded',
  data: { name: 'x' },
  metadata: {
    $correlationId: 'c',
    $causationId: 'c',
    source: 'test',
    received_at: '2026-01-01T00:00:00.000Z',
    schema: 1,
  },
});

const appended = async (store: EventStore) => {
  const id = '6f1c9a52-8d0f-4a7e-9b1e-2f3c4d5e6f70';
  const { revision } = await store.append('user_00-1', [event(id)], { expectedRevision: 'no_stream' });
  return { revision, read: (await store.readStream('user_00-1')).events.map((found) => found.id), id };
};

it('one process has the SQLite log to itself, and messages stay within it', async () => {
  const embedded = service('embedded');
  const messaging = await openMessaging({}, embedded);
  messaging.respond('greet', (name) => `hello ${String(name)}`);
  expect(await messaging.request('greet', 'you', { timeoutMs: 1_000 })).toBe('hello you');
  const store = await openEventStore({ eventStore: 'sqlite', dataDir }, embedded);
  const { revision, read, id } = await appended(store);
  expect([revision, read]).toEqual([0, [id]]);
  expect(await embedded.health.readiness()).toMatchObject({
    ready: true,
    checks: { eventStore: 'ok', messaging: 'ok' },
  });
  await embedded.lifecycle.stop('test');
  await expect(store.head()).rejects.toMatchObject({ code: 'store_closed' });
});

it('several processes reach the log through the one that writes it, in whichever order they start', async () => {
  const nats = await startNatsServer();
  try {
    const config = { eventStore: 'sqlite', dataDir, natsUrl: nats.url };
    const reader = service('ingestion');
    const readerMessaging = await openMessaging(config, reader);
    const opening = openEventStore(config, reader, { messaging: readerMessaging });

    const writer = service('eventstore');
    const log = await openWritableLog(config, writer);
    const served = serveEventStore(log, await openMessaging(config, writer));
    writer.lifecycle.onStop('intake', 'appends', () => served.stop());

    const store = await opening;
    // The file may be there to be read before the one that writes it listens.
    await expect.poll(() => store.availability).toBe('available');
    const { revision, read, id } = await appended(store);
    expect([revision, read, store.storeId]).toEqual([0, [id], log.storeId]);

    const lost = new Promise<void>((resolve) => {
      readerMessaging.onConnectionChange((connected) => connected || resolve());
    });
    await nats.stop();
    await lost;
    expect(await reader.health.readiness()).toMatchObject({
      ready: false,
      checks: { messaging: 'NATS cannot be reached' },
    });
  } finally {
    await nats.stop();
  }
});
