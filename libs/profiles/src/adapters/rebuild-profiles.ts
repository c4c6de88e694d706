import { ALL_PARTITIONS } from '@hearth/contracts';
import type { EventStore, Position } from '@hearth/eventing';
import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createApplier } from '../application/apply-events.ts';
import { logProgress } from '../application/log-progress.ts';
import { profileTable } from '../application/profile-table.ts';
import { MAX_WAITING_BEHIND, userStreamsOf } from '../application/projection.ts';
import { ReadModelError } from '../application/read-model.ts';
import { readRest } from '../application/read-rest.ts';
import { FOLD_VERSION } from '../domain/evolve.ts';
import { dumpHash } from './dump-profiles.ts';
import { openReadModel } from './sqlite-read-model.ts';

export interface RebuildProfiles {
  readonly store: EventStore;
  /** Where the new read model goes; nothing may be there. */
  readonly file: string;
  /** Whose users are folded; everybody's by default. */
  readonly partitions?: string;
  /** Called after each page of the log, with the number of events folded by then. */
  readonly onProgress?: (events: number) => void;
  readonly signal?: AbortSignal;
}

export interface RebuiltProfiles {
  readonly events: number;
  /** How far the log was folded. */
  readonly position: Position | undefined;
  /** The hash of the new read model's dump: the live one's, where both stand at one head. */
  readonly hash: string;
}

/** While that many are written, as many again are folded. */
const WAITING_AT_A_FLUSH = MAX_WAITING_BEHIND / 2;

/** Folds the whole log into a new file beside the live one, which is left alone. Throws where a file is in the way. */
export const rebuildProfiles = async (options: RebuildProfiles): Promise<RebuiltProfiles> => {
  const { store, file, partitions = ALL_PARTITIONS, onProgress, signal } = options;
  if (existsSync(file))
    throw new ReadModelError('read_model_in_use', `${file} is there already; name a file that is not`);
  const readModel = await openReadModel({
    file,
    foldVersion: FOLD_VERSION,
    storeId: store.storeId,
    head: await store.head(),
    partitions,
    onRebuild: () => undefined,
  });
  const table = profileTable(readModel, { rowsPerTurn: 5_000 });
  const applier = createApplier(table, store, { fromNothing: true });
  const progress = logProgress(undefined);
  let flushing: Promise<void> | undefined;
  try {
    await readRest({
      store,
      filter: userStreamsOf(partitions),
      applier,
      progress,
      ...(signal && { signal }),
      afterPage: async () => {
        onProgress?.(applier.counts.folded);
        await nextTurn(); // the thread that writes gets its next rows
        if (table.waiting < WAITING_AT_A_FLUSH) return;
        // The next pages are folded while these profiles are written.
        await flushing;
        flushing = table.flush(progress.applied);
        flushing.catch(() => undefined);
      },
    });
    signal?.throwIfAborted();
    await flushing;
    await table.flush(progress.applied);
    await readModel.finishBuild();
  } finally {
    await flushing?.catch(() => undefined);
    await readModel.close();
  }
  return { events: applier.counts.folded, position: progress.applied, hash: dumpHash(file) };
};
