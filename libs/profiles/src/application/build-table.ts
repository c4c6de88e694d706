import type { BrazeId } from '@hearth/contracts';
import type { Profile } from '../domain/profile.ts';
import type { ProfilesToFold } from './apply-events.ts';
import { derivedRows } from './derived-rows.ts';
import type { ReadModel } from './read-model.ts';
import { rowOf, standingOf, type Standing } from './standing.ts';

/**
 * Profiles while they are built from nothing, with nobody who reads or looks for them: those met lately are in memory until
 * they are written down all at once, and one that is met again later is read back.
 */
export interface BuildTable extends ProfilesToFold {
  /** How many profiles are in memory. */
  readonly held: number;
  /** Writes down what is in memory, and lets go of it. */
  flush(): Promise<void>;
}

/** Rows of one transaction. */
const ROWS_PER_TURN = 5_000;

export const buildTable = (readModel: Pick<ReadModel, 'row' | 'write'>): BuildTable => {
  const held = new Map<BrazeId, Standing>();
  /** What the rows of those held say, where they have one. */
  const written = new Map<BrazeId, Profile>();

  return {
    get held() {
      return held.size;
    },
    inMemory: (brazeId) => held.get(brazeId),
    get(brazeId) {
      const known = held.get(brazeId);
      if (known !== undefined) return known;
      const row = readModel.row(brazeId);
      if (row === undefined) return undefined;
      const standing = standingOf(row);
      written.set(brazeId, standing.profile);
      return standing;
    },
    load: () => undefined,
    set: (brazeId, standing) => void held.set(brazeId, standing),

    async flush() {
      const entries = [...held];
      for (let from = 0; from < entries.length; from += ROWS_PER_TURN) {
        const turn = entries.slice(from, from + ROWS_PER_TURN);
        const derived = derivedRows();
        for (const [brazeId, { profile }] of turn) derived.add(brazeId, written.get(brazeId), profile);
        const rows = turn.map(([brazeId, standing]) => rowOf(brazeId, standing));
        await readModel.write(rows, undefined, derived.rows());
      }
      held.clear();
      written.clear();
    },
  };
};
