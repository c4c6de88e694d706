import type { Writable } from 'node:stream';

/** Writes one piece and waits until it is taken. */
export type Write = (piece: string | Uint8Array) => Promise<void>;

/** Writes to a stream; a piece that cannot be written rejects, and so does everything after it. */
export const writeTo = (stream: Writable): Write => {
  let failed: Error | undefined;
  stream.on('error', (error) => (failed ??= error));
  return (piece) =>
    new Promise((resolve, reject) => {
      if (failed) return reject(failed);
      stream.write(piece, (error) => (error ? reject(error) : resolve()));
    });
};
