import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore, NewEvent } from '@hearth/eventing';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import { onTestFinished } from 'vitest';

import { sha256, sha256Digest } from '../adapters/sha256.ts';
import { exportLog, type ReadableLog } from '../application/export-log.ts';
import { importLog, type Imported, type ImportPorts } from '../application/import-log.ts';
import { archiveIn } from './archives.ts';

/** An empty log in a folder of its own, gone with the test. */
export const newLog = async (): Promise<EventStore> => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-archive-'));
  const store = await openSqliteEventStore({ file: join(folder, 'log.db') });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
};

/** The bytes of a log's archive. */
export const exported = async (log: ReadableLog): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  await exportLog({ log, digest: sha256Digest(), write: async (piece) => void pieces.push(piece) });
  return Buffer.concat(pieces);
};

/** Imports bytes into a store. */
export const imported = (
  bytes: Uint8Array,
  store: Awaited<ReturnType<ImportPorts['openStore']>>,
  ports: Partial<ImportPorts> = {},
): Promise<Imported> =>
  importLog({
    source: archiveIn(bytes),
    newDigest: sha256Digest,
    sha256,
    secretFingerprint: undefined,
    openStore: async () => store,
    ...ports,
  });

/** The lines of an archive between its header, which names the store, and its footer, which hashes that. */
export const eventLines = (archive: Buffer): readonly string[] => archive.toString().split('\n').slice(1, -2);

let ids = 0;

/** Events of one request, with ids of their own. */
export const events = (count: number, request = `request-${ids}`): NewEvent[] =>
  Array.from({ length: count }, () => ({
    id: `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    type: 'SomethingHappened',
    data: { n: ids, nested: { text: 'grüße "\u2028"', list: [1, null, -0.5] } },
    metadata: {
      $correlationId: request,
      $causationId: request,
      source: 'test',
      received_at: '2026-11-22T04:44:05.123Z',
      schema: 1,
    },
  }));

/** A log with several streams, written in turns, some of their events erased. */
export const fillLog = async (store: EventStore, rounds = 8): Promise<void> => {
  for (let round = 0; round < rounds; round++)
    for (const stream of ['user_aa-1', 'user_aa-2', 'identity_bb-1', 'canvas-1']) {
      const count = 1 + ((round + stream.length) % 3);
      const last = (await store.readStream(stream, { direction: 'backwards', limit: 1 })).lastRevision;
      await store.append(stream, events(count), { expectedRevision: last === -1 ? 'no_stream' : last });
    }
  await store.eraseBefore('user_aa-2', 5);
  await store.eraseBefore('canvas-1', 1_000);
};
