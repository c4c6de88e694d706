import type { Json } from '@hearth/contracts';
import fc from 'fast-check';

import { linesOf } from '../adapters/archive-file.ts';
import { sha256Digest } from '../adapters/sha256.ts';
import type { ArchiveSource } from '../application/archive-source.ts';
import {
  ARCHIVE_VERSION,
  formatEvent,
  formatFooter,
  formatHeader,
  type ArchivedEvent,
} from '../domain/archive-lines.ts';

export { sha256Digest };

/** Any event a log can hold, its revision left to the test. */
export const anyEvent: fc.Arbitrary<ArchivedEvent> = fc.record({
  stream: fc.stringMatching(/^[a-z_]{1,12}-[0-9a-f]{1,8}$/),
  revision: fc.nat(),
  id: fc.uuid(),
  type: fc.constantFrom('UserCreated', 'AttributesUpdated', 'CustomEventRecorded', 'Erased'),
  data: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json),
  metadata: fc.record({
    $correlationId: fc.constantFrom('a', 'b'),
    $causationId: fc.string(),
    source: fc.constant('test'),
    received_at: fc.constant('2026-11-22T04:44:05.123Z'),
    schema: fc.constant(1),
  }),
});

/** The bytes of a whole archive of these events. */
export const archiveOf = (
  events: readonly ArchivedEvent[],
  header: { version?: number; secret_fingerprint?: string | null } = {},
): Buffer => {
  const lines = [
    formatHeader({ version: ARCHIVE_VERSION, store_id: '0123abcd', secret_fingerprint: null, ...header }),
    ...events.map(formatEvent),
  ];
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const digest = sha256Digest();
  digest.update(body);
  return Buffer.concat([
    body,
    Buffer.from(`${formatFooter({ events: events.length, sha256: digest.hex() })}\n`),
  ]);
};

/** An archive in memory, handed out in pieces of `size` bytes. */
export const archiveIn = (bytes: Uint8Array, size = 64 * 1024): ArchiveSource => ({
  lines: () =>
    linesOf(
      (async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      })(),
    ),
});
