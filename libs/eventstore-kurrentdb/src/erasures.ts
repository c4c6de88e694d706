import type { RecordedEvent as ClientEvent } from '@kurrent/kurrentdb-client';
import type { Reading } from './reading.ts';
import { STORE_STREAM } from './reserved-stream.ts';

/**
 * What has been erased. The server stops giving truncated events out of their stream at once, but keeps them in the
 * log until it is scavenged. So each erasure is also noted in the store's own stream, before the stream is truncated:
 * short to read at a start, and followed by every process.
 */
export interface Erasures {
  /** The first revision of a stream that stands; 0 where nothing was erased. */
  before(stream: string): number;
  /** Whether an event of the log is one that readers may see. */
  shows(event: ClientEvent): boolean;
  /** Takes a note of the store's own stream in, in whatever order they come. */
  take(note: ClientEvent): void;
  /** Reads the notes that came since. Whatever was erased before the call is hidden after it. */
  refresh(): Promise<void>;
}

export const ERASED = 'StreamErased';

export const erasures = (reading: Reading): Erasures => {
  const standing = new Map<string, number>();
  let read = 0;

  const take = (note: ClientEvent): void => {
    if (note.type !== ERASED) return;
    const { stream, before } = note.data as { stream: string; before: number };
    if (before > (standing.get(stream) ?? 0)) standing.set(stream, before);
  };

  return {
    before: (stream) => standing.get(stream) ?? 0,
    shows: ({ streamId, revision }) =>
      streamId !== STORE_STREAM && !(standing.size > 0 && Number(revision) < (standing.get(streamId) ?? 0)),
    take,
    refresh: async () => {
      const notes = await reading.stream(STORE_STREAM, { from: read, limit: Number.MAX_SAFE_INTEGER });
      for (const note of notes ?? []) {
        take(note);
        read = Math.max(read, Number(note.revision) + 1);
      }
    },
  };
};
