import type { SqliteEventStore } from '@hearth/eventstore-sqlite';
import { inProcessBus } from '@hearth/messaging';
import { connectMessaging, createHttpApp } from '@hearth/nest-kit';
import { testService } from '@hearth/nest-kit/testing';
import { openApiAccess, openApiDocument } from '@hearth/rest-api';
import { expectDocumentedBy } from '@hearth/rest-api/testing';
import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { profilesEndpoints } from '../nest/endpoints.ts';
import { openProfiles, type ProfilesSettings } from '../nest/open-profiles.ts';
import { openLog, testFolder } from './user-log.ts';

/** Every answer of these tests is held against the document. */
const expectDocumented = expectDocumentedBy(openApiDocument(profilesEndpoints));

const API_KEY = 'a-key-for-tests';

/** A request to the reading REST API and its answer. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface ReadingService {
  readonly store: SqliteEventStore;
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Answer>;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
}

/**
 * Services as their processes start them, each the owner of some partitions of one log, with messages between them. The
 * first one is asked over HTTP.
 */
export const startReading = async ({
  partitions = ['00-7f', '80-ff'],
  now = () => Date.now(),
  ...settings
}: Partial<Omit<ProfilesSettings, 'partitions'>> & {
  readonly partitions?: readonly string[];
  readonly now?: () => number;
} = {}): Promise<ReadingService> => {
  const store = await openLog(testFolder());
  const bus = inProcessBus();
  const clock = { now };

  const open = async (owned: string) => {
    const service = testService();
    onTestFinished(async () => void (await service.lifecycle.stop('the test is over')));
    const messaging = bus.connect();
    const backends = { store, messaging, clock, newId: randomUUID };
    const access = await openApiAccess(service, backends, { apiKey: API_KEY });
    const profiles = await openProfiles(service, backends, {
      dataDir: testFolder(),
      partitions: owned,
      baseCurrency: 'USD',
      ...settings,
    });
    const app = await createHttpApp(profiles.module, { ...service, fastify: access.install });
    connectMessaging(app, messaging);
    await app.startAllMicroservices();
    service.lifecycle.onStop('intake', 'http', () => app.close());
    profiles.serve();
    await profiles.projection.whenCaughtUp();
    return app.getHttpAdapter().getInstance();
  };
  const [http] = await Promise.all(partitions.map(open));
  const authorization = `Bearer ${API_KEY}`;

  const ask = async (
    method: 'GET' | 'POST',
    url: string,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<Answer> => {
    const reply = await http!.inject({
      method,
      url,
      headers: {
        authorization,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    expectDocumented({ method, url }, reply);
    return { status: reply.statusCode, body: JSON.parse(reply.body) as Record<string, unknown> };
  };
  const service: ReadingService = {
    store,
    post: (path, body, headers = {}) => ask('POST', path, headers, body),
    get: (path, headers = {}) => ask('GET', path, headers),
  };
  const served = partitions.length > 1 || partitions[0] === '00-ff' ? 200 : 503;
  await expect.poll(async () => (await service.get('/events/list')).status).toBe(served);
  return service;
};
