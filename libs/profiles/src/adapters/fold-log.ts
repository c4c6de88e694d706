import type { EventStore, Position } from '@hearth/eventing';
import { createApplier } from '../application/apply-events.ts';
import { buildTable } from '../application/build-table.ts';
import { logProgress } from '../application/log-progress.ts';
import { userStreamsOf } from '../application/projection.ts';
import { readRest } from '../application/read-rest.ts';
import { shareReadModel } from './share-read-model.ts';

export interface FoldLog {
  readonly store: Pick<EventStore, 'storeId' | 'readAll' | 'readStream'>;
  /** The read model: it is there, and has no rows of these partitions. */
  readonly file: string;
  /** Whose users are folded, as a range list. */
  readonly partitions: string;
  /** How many profiles may be in memory. */
  readonly maxHeld: number;
  /** Called after each page of the log, with the number of events folded by then. */
  readonly onPage?: ((events: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FoldedLog {
  readonly events: number;
  /** How far the log was folded. */
  readonly position: Position | undefined;
}

/** Folds the log up to its head, and writes every profile down. Rejects where it is told to end. */
export const foldLog = async (options: FoldLog): Promise<FoldedLog> => {
  const { store, file, partitions, maxHeld, onPage, signal } = options;
  const readModel = shareReadModel(file);
  try {
    const table = buildTable(readModel);
    const applier = createApplier(table, store, undefined);
    const progress = logProgress(undefined);
    await readRest({
      store,
      filter: userStreamsOf(partitions),
      applier,
      progress,
      ...(signal && { signal }),
      afterPage: async () => {
        onPage?.(applier.counts.folded);
        if (table.held >= maxHeld) await table.flush();
      },
    });
    signal?.throwIfAborted();
    await table.flush();
    return { events: applier.counts.folded, position: progress.applied };
  } finally {
    readModel.close();
  }
};
