import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '@hearth/eventing';
import { inProcessBus, type Messaging } from '@hearth/messaging';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import { createHttpApp, type Service } from '@hearth/nest-kit';
import { testService } from '@hearth/nest-kit/testing';
import { Body, Controller, Module, type DynamicModule } from '@nestjs/common';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

import { openApiAccess, type ApiAccessSettings } from '../nest/open-api-access.ts';
import { ServeEndpoint } from '../nest/serve-endpoint.ts';

/** The key that the settings name, unless a test says otherwise. */
export const KEY = 'key-of-the-settings';

/** A log of its own, gone with the test. */
export const openLog = async (): Promise<EventStore> => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-rest-api-'));
  const store = await openSqliteEventStore({ file: join(folder, 'log.db') });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
};

const any = z.looseObject({});

@Controller()
class EchoController {
  @ServeEndpoint({
    method: 'POST',
    path: '/users/track',
    permission: 'users.track',
    kind: 'write',
    summary: 'Answer with the body',
    body: any,
    responses: { 201: any },
  })
  echo(@Body() body: unknown): unknown {
    return { message: 'success', body };
  }

  @ServeEndpoint({
    method: 'POST',
    path: '/users/export/ids',
    permission: 'users.export.ids',
    kind: 'read',
    summary: 'Answer',
    body: any,
    responses: { 201: any },
  })
  export(): unknown {
    return { message: 'success' };
  }

  @ServeEndpoint({
    method: 'GET',
    path: '/events/list',
    permission: 'events.list',
    kind: 'read',
    summary: 'Answer',
    responses: { 200: any },
  })
  list(): unknown {
    return { message: 'success' };
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {
  static with(...imports: DynamicModule[]): DynamicModule {
    return { module: EchoModule, imports };
  }
}

export interface Call {
  readonly key?: string | null;
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One instance of a service with endpoints, as its process starts it. */
export interface Instance {
  readonly service: Service;
  readonly firstKey: string | undefined;
  readonly http: FastifyInstance;
  get(path: string, call?: Call): Promise<LightMyRequestResponse>;
  /** Posts JSON; text goes as it is. */
  post(path: string, body: unknown, call?: Call): Promise<LightMyRequestResponse>;
  stop(): Promise<unknown>;
}

export interface InstanceOptions {
  readonly store: EventStore;
  /** Shared by the instances of a test that ask each other. */
  readonly messaging?: Messaging;
  readonly settings?: ApiAccessSettings;
  readonly clock?: { now(): number };
  readonly trustProxy?: readonly string[];
}

/** Starts an instance on a log that several may share. */
export const startInstance = async ({
  store,
  messaging = inProcessBus().connect(),
  settings = { apiKey: KEY },
  clock = Date,
  trustProxy = [],
}: InstanceOptions): Promise<Instance> => {
  const service = testService();
  const stop = (): Promise<unknown> => service.lifecycle.stop('the test is over');
  onTestFinished(async () => void (await stop()));
  const access = await openApiAccess(service, { store, messaging, clock, newId: randomUUID }, settings);
  const firstKey = await access.createFirstKey();
  const app = await createHttpApp(EchoModule.with(access.module), {
    ...service,
    trustProxy,
    fastify: access.install,
  });
  service.lifecycle.onStop('intake', 'http', () => app.close());
  const http = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const sent = ({ key = KEY, from = '127.0.0.1', headers = {} }: Call = {}) => ({
    remoteAddress: from,
    headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...headers },
  });
  return {
    service,
    firstKey,
    http,
    get: (url, call) => http.inject({ method: 'GET', url, ...sent(call) }),
    post(url, body, call) {
      const { headers, ...rest } = sent(call);
      const payload = typeof body === 'string' ? body : JSON.stringify(body);
      return http.inject({
        method: 'POST',
        url,
        ...rest,
        headers: { 'content-type': 'application/json', ...headers },
        payload,
      });
    },
    stop,
  };
};
