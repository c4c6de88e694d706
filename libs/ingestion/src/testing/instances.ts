import type { EventStore, Position } from '@hearth/eventing';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

import { keyedHashWith } from '../adapters/hashes.ts';
import type { KeyedHash } from '../application/identity-keys.ts';
import { createIngestion, type Ingestion } from '../application/ingestion.ts';
import type { RequestContext } from '../application/ports.ts';
import type { MemorySize } from '../application/user-memory.ts';
import { defaultTrackRules } from '../domain/parsing/index.ts';
import { resolveFrom } from './active-users.ts';
import { SECRET } from './secret.ts';

/** How long calls of these instances may take, in milliseconds, where a test says nothing else. */
const PATIENCE_MS = 20_000;

const unused = (): never => {
  throw new Error('nobody is asked for profiles');
};

/** A log in a folder of its own. */
export interface TestLog {
  readonly store: EventStore;
  /** Closes the log and removes its folder. */
  readonly remove: () => Promise<void>;
}

export const openTestLog = async (): Promise<TestLog> => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-log-'));
  const store = await openSqliteEventStore({ file: join(folder, 'log.db') });
  return {
    store,
    remove: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
};

/** A log that the tests of one file share. To be called outside of them. */
export const sharedTestLog = (): Pick<TestLog, 'store'> => {
  let log: TestLog | undefined;
  beforeAll(async () => {
    log = await openTestLog();
  });
  afterAll(() => log?.remove());
  return {
    get store() {
      if (log === undefined) throw new Error('The log is open while tests run');
      return log.store;
    },
  };
};

/**
 * An instance of ingestion with a memory of its own, as another process would have. It has no profiles beside it: whom an email or
 * phone names is looked up in the log, which begins at `from`.
 */
export const instanceOn = (
  store: EventStore,
  {
    keyedHash = keyedHashWith(SECRET.value),
    timeoutMs = PATIENCE_MS,
    from,
    rememberedUsers,
  }: InstanceOnOptions = {},
): Ingestion =>
  createIngestion(
    {
      store,
      profiles: { read: unused, resolve: resolveFrom(store, from) },
      owners: { ownerOf: unused, all: unused, stop: unused },
      keyedHash,
      clock: Date,
      newId: randomUUID,
      timeoutMs,
      rideAlong: true,
      ...(rememberedUsers !== undefined && { rememberedUsers }),
    },
    { current: defaultTrackRules },
  );

interface InstanceOnOptions {
  readonly keyedHash?: KeyedHash;
  readonly timeoutMs?: number;
  readonly from?: Position;
  readonly rememberedUsers?: MemorySize;
}

/** A call that comes in now. */
export const newContext = (timeoutMs: number = PATIENCE_MS): RequestContext => {
  const receivedAt = Date.now();
  return { correlationId: 'test', receivedAt, deadline: receivedAt + timeoutMs };
};
