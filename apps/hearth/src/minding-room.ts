import type { EventStore } from '@hearth/eventing';

import { Failure } from './failure.ts';

/** A batch of an import, and what the write-ahead log may carry over into the file with it. */
const ROOM_BYTES = 32 * 1024 * 1024;

/**
 * The store, refusing batches while its disk is nearly full. A batch that runs out of disk half-way may be stored in
 * parts, and an import that left its order could not be finished later.
 */
export const mindingRoom = (
  store: EventStore,
  folder: string,
  freeBytes: (folder: string) => Promise<number>,
): EventStore => ({
  ...store,
  get availability() {
    return store.availability;
  },
  appendMany: async (items) => {
    if ((await freeBytes(folder)) < ROOM_BYTES)
      throw new Failure(
        `less than ${ROOM_BYTES / 1024 / 1024} MB are left on the disk of ${folder}: free some space and run this again`,
      );
    return store.appendMany(items);
  },
});
