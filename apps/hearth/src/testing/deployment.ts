import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEPLOYMENT_STREAM, userStream, type BrazeId, type ClaimableIdentifier } from '@hearth/contracts';
import { eventLogFile } from '@hearth/backends';
import type { EventStore, NewEvent } from '@hearth/eventing';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import { identityKeys, keyedHashWith } from '@hearth/ingestion';
import { fingerprintOf } from '@hearth/nest-kit';
import { onTestFinished } from 'vitest';

import { openContext } from '../open-context.ts';
import { runProgram } from '../program.ts';

export const SECRET = 'a secret that is long enough for a test';

/** A new folder, gone with the test. */
export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

let ids = 0;
const newId = (): string => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;

/** When the n-th minute of the tests' day begins. */
export const minute = (n: number): string => new Date(Date.UTC(2026, 10, 22, 4, n)).toISOString();

export const event = (type: string, data: unknown, at = 0, request = `request-${at}`): NewEvent => ({
  id: newId(),
  type,
  data,
  metadata: {
    $correlationId: request,
    $causationId: request,
    source: 'test',
    received_at: minute(at),
    schema: 1,
  },
});

/** Writes to the log of a data folder as ingestion does. */
export interface Deployment {
  readonly folder: string;
  /** Creates a user by an identifier, and answers its braze_id. */
  readonly create: (identifier: ClaimableIdentifier, at?: number) => Promise<BrazeId>;
  /** Appends to a user's stream. */
  readonly add: (brazeId: BrazeId, ...events: NewEvent[]) => Promise<void>;
  readonly store: EventStore;
  /** Gives up the log, so that a command may write to it. */
  readonly stop: () => Promise<void>;
}

export const newDeployment = async (secret = SECRET): Promise<Deployment> => {
  const folder = newFolder();
  const store = await openSqliteEventStore({ file: eventLogFile(folder) });
  onTestFinished(() => store.close());
  const keys = identityKeys(keyedHashWith(secret));
  await store.append(
    DEPLOYMENT_STREAM,
    [event('DeploymentInitialised', { secret_fingerprint: fingerprintOf(secret) })],
    { expectedRevision: 'no_stream' },
  );
  return {
    folder,
    store,
    async create(identifier, at = 0) {
      const brazeId = keys.brazeIdOf(identifier, 0);
      const created = { braze_id: brazeId, identifier, random_bucket: 7 };
      await store.appendMany([
        {
          stream: keys.streamOf(identifier),
          events: [event('IdentifierClaimed', { braze_id: brazeId }, at)],
          expectedRevision: 'no_stream',
        },
        {
          stream: userStream(brazeId),
          events: [event('UserCreated', created, at)],
          expectedRevision: 'no_stream',
        },
      ]);
      return brazeId;
    },
    async add(brazeId, ...events) {
      for (const each of events)
        await store.append(userStream(brazeId), [each], { expectedRevision: 'stream_exists' });
    },
    stop: () => store.close(),
  };
};

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process on a data folder. */
export const hearth = async (
  folder: string,
  args: readonly string[],
  { secret = SECRET }: { readonly secret?: string | null } = {},
): Promise<Ran> => {
  let out = '';
  let err = '';
  const complain = (text: string): void => void (err += text);
  const code = await runProgram(args, {
    context: () =>
      openContext(
        {
          dataDir: folder,
          eventStore: 'sqlite',
          secret: secret ?? undefined,
          partitions: '00-ff',
          port: 8080,
          apiKey: undefined,
        },
        {
          write: async (piece) => void (out += Buffer.from(piece).toString()),
          stderr: { isTerminal: false, write: complain },
          signal: new AbortController().signal,
        },
      ),
    print: (text) => void (out += text),
    complain,
  });
  return { code, out, err };
};
