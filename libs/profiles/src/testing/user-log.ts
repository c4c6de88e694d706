import { userStream, type AppendedEvents, type BrazeId, type UserEvent } from '@hearth/contracts';
import type { AppendResult, NewEvent } from '@hearth/eventing';
import { openSqliteEventStore, type SqliteEventStore } from '@hearth/eventstore-sqlite';
import { silentLogger } from '@hearth/nest-kit';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { openReadModel, type OpenReadModel } from '../adapters/sqlite-read-model.ts';
import { startProjection, type Projection, type ProjectionOptions } from '../application/projection.ts';
import type { ReadModel } from '../application/read-model.ts';
import { FOLD_VERSION } from '../domain/evolve.ts';
import { receivedAt } from './profile-events.ts';

/** The braze_id of a user that a test calls by a number. */
export const userNumber = (n: number): BrazeId =>
  createHash('sha256').update(`user ${n}`).digest('hex').slice(0, 24);

export const created = (brazeId: BrazeId, email?: string): UserEvent => ({
  type: 'UserCreated',
  data: {
    braze_id: brazeId,
    identifier:
      email === undefined ? { kind: 'external_id', value: `id-${brazeId}` } : { kind: 'email', value: email },
    random_bucket: 1,
  },
});

/** What was appended, in the form in which it rides along with a read. */
export interface Appended extends AppendResult {
  readonly appended: AppendedEvents;
}

/** A folder of a test's own. */
export const testFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-profiles-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

let clock = 0;

/** Events as ingestion appends them; each is taken in a second after the one before. */
export const asNewEvents = (events: readonly UserEvent[]): NewEvent[] =>
  events.map(({ type, data }) => ({
    id: randomUUID(),
    type,
    data,
    metadata: {
      $correlationId: 'c',
      $causationId: 'c',
      source: 'test',
      received_at: receivedAt(clock++),
      schema: 1,
    },
  }));

export const openLog = async (folder: string): Promise<SqliteEventStore> => {
  const store = await openSqliteEventStore({ file: join(folder, 'log.db') });
  onTestFinished(() => store.close());
  return store;
};

/** Appends to a user's stream, wherever that stands. */
export const appendTo = async (
  store: SqliteEventStore,
  brazeId: BrazeId,
  ...events: readonly UserEvent[]
): Promise<Appended> => {
  const appended = asNewEvents(events);
  const result = await store.append(userStream(brazeId), appended, { expectedRevision: 'any' });
  return {
    ...result,
    appended: {
      ...result,
      events: appended.map(({ type, data, metadata: { received_at, schema } }) => ({
        type,
        data,
        received_at,
        schema,
      })),
    },
  };
};

export interface OpenProjection {
  readonly projection: Projection;
  readonly rebuilds: readonly string[];
  readonly failures: readonly unknown[];
}

/** The read model of a log, in a file of the test's folder. */
export const openTestReadModel = async (
  store: SqliteEventStore,
  options: Partial<OpenReadModel> & Pick<OpenReadModel, 'file'>,
): Promise<{ readModel: ReadModel; rebuilds: readonly string[] }> => {
  const rebuilds: string[] = [];
  const readModel = await openReadModel({
    foldVersion: FOLD_VERSION,
    storeId: store.storeId,
    head: await store.head(),
    partitions: '00-ff',
    onRebuild: (reason) => void rebuilds.push(reason),
    ...options,
  });
  return { readModel, rebuilds };
};

/** A projection over a log, as a start of the service makes it. */
export const openProjection = async (
  store: SqliteEventStore,
  {
    wrap = (readModel) => readModel,
    ...options
  }: Partial<OpenReadModel> &
    Pick<OpenReadModel, 'file'> &
    Partial<ProjectionOptions> & { readonly wrap?: (readModel: ReadModel) => ReadModel },
): Promise<OpenProjection> => {
  const { readModel, rebuilds } = await openTestReadModel(store, options);
  const failures: unknown[] = [];
  const projection = startProjection(
    {
      store,
      readModel: wrap(readModel),
      logger: silentLogger,
      pause,
      onFailure: (error) => void failures.push(error),
    },
    { partitions: '00-ff', ...options },
  );
  onTestFinished(() => projection.stop().catch(() => undefined));
  return { projection, rebuilds, failures };
};

/** Waits until everything in the log is applied. */
export const applied = async (store: SqliteEventStore, { projection }: OpenProjection): Promise<void> =>
  projection.reach(await store.head());
