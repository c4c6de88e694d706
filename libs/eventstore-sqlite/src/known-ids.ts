import type { DatabaseSync } from 'node:sqlite';
import type { Place } from './stream-places.ts';
import { streamWalk } from './stream-walk.ts';

/**
 * Where the events of a stream stand, by their ids: what an append with `any` has to know to recognise a repeat. A
 * stream's ids are read once and then kept up, so that a busy stream is not scanned for each append.
 */
export interface KnownIds {
  /** The revisions by event id of one stream, whose newest event stands at `head`. */
  of(streamId: number, head: Place): ReadonlyMap<string, number>;
  /** Tells of new events; does nothing where the stream's ids are not held. */
  add(streamId: number, ids: readonly { readonly id: string }[], firstRevision: number): void;
  forget(streamId: number): void;
  clear(): void;
}

/** `capacity` bounds the ids held over all streams; a stream that alone has more is read again each time. */
export const knownIds = (db: DatabaseSync, capacity: number): KnownIds => {
  const walk = streamWalk<[id: string]>(db, 'id');
  const held = new Map<number, Map<string, number>>();
  let size = 0;

  const forget = (streamId: number): void => {
    size -= held.get(streamId)?.size ?? 0;
    held.delete(streamId);
  };
  const makeRoom = (): void => {
    for (const streamId of held.keys()) {
      if (size <= capacity) return;
      forget(streamId);
    }
  };

  return {
    of: (streamId, head) => {
      const known = held.get(streamId);
      if (known) return known;
      const read = new Map<string, number>();
      // Newest first: of an id that was stored twice, the newest counts, as in `add`. Those of erased events are empty.
      for (const [revision, , id] of walk(streamId, 0, head[0], head))
        if (id !== '' && !read.has(id)) read.set(id, revision);
      held.set(streamId, read);
      size += read.size;
      makeRoom();
      return read;
    },
    add: (streamId, ids, firstRevision) => {
      const known = held.get(streamId);
      if (!known) return;
      for (const [index, { id }] of ids.entries()) known.set(id, firstRevision + index);
      size += ids.length;
      makeRoom();
    },
    forget,
    clear: () => {
      held.clear();
      size = 0;
    },
  };
};
