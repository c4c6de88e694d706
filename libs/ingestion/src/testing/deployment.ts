import { ALL_PARTITIONS } from '@hearth/contracts';
import type { EventStore, RecordedEvent } from '@hearth/eventing';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import { inProcessBus } from '@hearth/messaging';
import { createHttpApp, serveMessages, type Service } from '@hearth/nest-kit';
import { testService } from '@hearth/nest-kit/testing';
import { openProfiles } from '@hearth/profiles';
import { openApiAccess, openApiDocument } from '@hearth/rest-api';
import { expectDocumentedBy } from '@hearth/rest-api/testing';
import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

import { ingestionEndpoints } from '../nest/endpoints.ts';
import { openIngestion } from '../nest/open-ingestion.ts';
import { SECRET } from './secret.ts';

/** Every answer of these tests is held against the document. */
const expectDocumented = expectDocumentedBy(openApiDocument(ingestionEndpoints));

export const API_KEY = 'key-of-these-tests';

/** What an HTTP call came back with. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown> & { readonly message: string };
}

export interface InstanceOptions {
  /** What stands between this instance and the log. */
  readonly store?: EventStore;
  /** How far its clock goes ahead, in milliseconds. */
  readonly clockAhead?: number;
  readonly timeoutMs?: number;
}

/** One ingestion process, as far as its REST API goes. */
export interface Instance {
  readonly http: FastifyInstance;
  readonly post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
}

/** A log, the profiles beside it, and as many ingestion instances as a test asks for. */
export interface Deployment {
  readonly store: EventStore;
  readonly instance: (options?: InstanceOptions) => Promise<Instance>;
  readonly log: () => Promise<readonly RecordedEvent[]>;
}

/** Starts everything in this process, on a log in a folder that is gone after the test. */
export const startDeployment = async (): Promise<Deployment> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'hearth-ingestion-'));
  const store = await openSqliteEventStore({ file: join(dataDir, 'events.db') });
  const bus = inProcessBus();
  const services: Service[] = [];
  const service = (name: string): Service => {
    const made = testService(name);
    services.push(made);
    return made;
  };
  onTestFinished(async () => {
    for (const { lifecycle } of services.toReversed()) await lifecycle.stop('the test is over');
    await store.close();
    await rm(dataDir, { recursive: true });
  });

  const projection = service('profile-projection');
  const messaging = bus.connect();
  const profiles = await openProfiles(
    projection,
    { store, messaging, clock: Date, newId: randomUUID },
    { dataDir, partitions: ALL_PARTITIONS },
  );
  await serveMessages(profiles.module, messaging, projection);
  profiles.serve();

  const instance = async (options: InstanceOptions = {}): Promise<Instance> => {
    const ingestion = service('ingestion');
    const backends = {
      store: options.store ?? store,
      messaging: bus.connect(),
      clock: { now: () => Date.now() + (options.clockAhead ?? 0) },
      newId: randomUUID,
    };
    const access = await openApiAccess(ingestion, { ...backends, store }, { apiKey: API_KEY });
    const opened = await openIngestion(
      ingestion,
      { ...backends, access },
      {
        secret: SECRET,
        timeoutMs: options.timeoutMs ?? 5_000,
        idempotencyRetentionMs: 7 * 24 * 3_600_000,
        track: {
          trackLimitMode: 'per_array',
          trackLimit: 75,
          strictPrimary: true,
          writeSecondaryFromEvents: true,
          phoneRegion: undefined,
        },
      },
    );
    const app = await createHttpApp(opened.module, { ...ingestion, ...opened.http });
    ingestion.lifecycle.onStop('intake', 'http', () => app.close());
    const http = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    return {
      http,
      async post(url, body, headers = {}) {
        const answer = await http.inject({
          method: 'POST',
          url,
          headers: {
            authorization: `Bearer ${API_KEY}`,
            'content-type': 'application/json',
            ...headers,
          },
          payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
        });
        expectDocumented({ method: 'POST', url }, answer);
        return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
      },
    };
  };
  const log = async (): Promise<readonly RecordedEvent[]> =>
    (await store.readAll({ limit: 1_000_000 })).events;
  return { store, instance, log };
};
