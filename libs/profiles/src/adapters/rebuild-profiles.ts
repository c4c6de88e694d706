import { ALL_PARTITIONS } from '@hearth/contracts';
import type { EventStore, Position } from '@hearth/eventing';
import { existsSync } from 'node:fs';
import { MAX_WAITING_BEHIND } from '../application/projection.ts';
import { ReadModelError } from '../application/read-model.ts';
import { FOLD_VERSION } from '../domain/evolve.ts';
import { dumpHash } from './dump-profiles.ts';
import { foldInShares } from './fold-in-shares.ts';
import { foldLog } from './fold-log.ts';
import type { LogModule } from './share-protocol.ts';
import { openReadModel } from './sqlite-read-model.ts';

export interface RebuildProfiles {
  readonly store: EventStore;
  /** Where the new read model goes; nothing may be there. */
  readonly file: string;
  /** Whose users are folded; everybody's by default. */
  readonly partitions?: string;
  /** How other threads open the same log; without it, or with one thread, everything is folded by the one that asks. */
  readonly log?: LogModule | undefined;
  /** How many threads fold (default 1). The result is the same for any number. */
  readonly threads?: number;
  /** How many profiles may be in memory, on all threads together: some 200 MB of them by default. */
  readonly maxHeld?: number;
  /** Called now and then with the number of events folded by then. */
  readonly onProgress?: (events: number) => void;
  /** Called when everything is folded: what is left keeps one thread busy. */
  readonly onFolded?: () => void;
  readonly signal?: AbortSignal;
}

export interface RebuiltProfiles {
  readonly events: number;
  /** How far the log was folded. */
  readonly position: Position | undefined;
  /** The hash of the new read model's dump: the live one's, where both stand at one head. */
  readonly hash: string;
}

/** Folds the whole log into a new file beside the live one, which is left alone. Throws where a file is in the way. */
export const rebuildProfiles = async (options: RebuildProfiles): Promise<RebuiltProfiles> => {
  const { store, file, partitions = ALL_PARTITIONS, log, threads = 1, signal } = options;
  const { maxHeld = MAX_WAITING_BEHIND, onProgress, onFolded } = options;
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
  try {
    const { events, position } =
      log !== undefined && threads > 1
        ? await foldInShares({ log, file, partitions, threads, maxHeld, onProgress, signal })
        : await foldLog({ store, file, partitions, maxHeld, onPage: onProgress, signal });
    onFolded?.();
    await readModel.write([], position);
    await readModel.finishBuild();
    await readModel.scrub();
    await readModel.close();
    return { events, position, hash: dumpHash(file) };
  } finally {
    await readModel.close();
  }
};
