import { createReadStream } from 'node:fs';

import type { ArchiveSource } from '../application/archive-source.ts';
import { ArchiveError } from '../domain/archive-error.ts';
import type { Line } from '../domain/archive-verification.ts';

const LINE_FEED = 0x0a;

/** More than the largest event an append may carry, escapes and all: what is longer is no archive. */
const MAX_LINE_BYTES = 8_000_000;

/** The archive in a file. Its lines are read a piece at a time. */
export const archiveFile = (path: string): ArchiveSource => ({
  lines: () => linesOf(createReadStream(path, { highWaterMark: 256 * 1024 })),
});

/** Cuts bytes into lines. Nothing follows a last line feed; what stands behind it is a line that has not ended. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      const piece = chunk.subarray(from, at);
      yield { bytes: held === 0 ? piece : Buffer.concat([...parts, piece]), ended: true };
      parts = [];
      held = 0;
      from = at + 1;
    }
    if (from < chunk.length) {
      parts.push(chunk.subarray(from));
      held += chunk.length - from;
      if (held > MAX_LINE_BYTES)
        throw new ArchiveError(
          'not_an_archive',
          `a line is longer than ${MAX_LINE_BYTES} bytes: this is no log archive`,
        );
    }
  }
  if (held > 0) yield { bytes: Buffer.concat(parts), ended: false };
}
