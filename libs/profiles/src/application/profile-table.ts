import { identifierKey, type BrazeId, type NameKind, type UserLookup } from '@hearth/contracts';
import type { Position } from '@hearth/eventing';
import { LRUCache } from 'lru-cache';
import { deviceKey } from '../domain/lookups.ts';
import { derivedRows } from './derived-rows.ts';
import { createOverlay } from './overlay.ts';
import type { CandidateRow, ReadModel, StandingRow } from './read-model.ts';
import { rowMemory } from './row-memory.ts';
import { candidateOf, rowOf, standingOf, type Standing } from './standing.ts';

/** What the table did since it was opened. */
export interface TableCounts {
  flushes: number;
  rowsWritten: number;
  /** Profiles found in memory, and profiles looked for among the rows. */
  hits: number;
  misses: number;
}

/**
 * Every profile as of now: rows that were written down, behind a memory of them as text and a cache of those used lately,
 * under those that are applied and not yet written. Calls but `flush` are synchronous, so what one of them sees and does is never torn by another.
 */
export interface ProfileTable {
  get(brazeId: BrazeId): Standing | undefined;
  /** As `get`, without a look at the rows. */
  inMemory(brazeId: BrazeId): Standing | undefined;
  /**
   * Has the row read that `get` would wait for the disk for. Undefined where `get` may as well be called. Never rejects.
   */
  load(brazeId: BrazeId): Promise<void> | undefined;
  /** `before` is what `get` answered right before: what the row says, or a profile that is not yet written. */
  set(brazeId: BrazeId, standing: Standing, before: Standing | undefined): void;
  /** Everybody who carries this email or phone now. */
  candidates(kind: 'email' | 'phone', value: string): readonly CandidateRow[];
  /** Everybody whom this names now. */
  find(lookup: UserLookup): readonly BrazeId[];
  /** Names that written profiles carry, right after `after`: flush first to have all of them. */
  writtenNames(kind: NameKind, after: string | undefined, limit: number): readonly string[];
  /** Written profiles right after `after` in the order of their braze_ids, each as it stands now. */
  page(after: BrazeId | undefined, limit: number): readonly (readonly [BrazeId, Standing])[];
  /**
   * Writes down everything applied by now, in transactions that others go between, and last the checkpoint: everything up to
   * it has to be applied. One at a time. `rest` is called between the transactions, with how many there are in all.
   */
  flush(checkpoint: Position | undefined, rest?: (turns: number) => Promise<unknown>): Promise<void>;
  /** How many profiles wait for being written down. */
  readonly waiting: number;
  /** How many profiles the cache holds. */
  readonly cached: number;
  readonly counts: Readonly<TableCounts>;
}

export interface TableOptions {
  /** How much the cache may hold, in characters of the profiles as JSON. */
  readonly cacheCharacters?: number;
  /** How many bytes of rows are held as text beyond that; none where it is left out. */
  readonly rowMemoryBytes?: number;
  /** How many rows are written in one transaction. */
  readonly rowsPerTurn?: number;
}

/** As many are remembered to have no row. */
const MOST_ABSENT = 10_000;
/** About 70 MB of memory. */
const DEFAULT_CACHE_CHARACTERS = 16 * 1024 * 1024;
/** Half a millisecond of this thread, two to three of the one that writes. */
const DEFAULT_ROWS_PER_TURN = 250;

export const profileTable = (readModel: ReadModel, options: TableOptions = {}): ProfileTable => {
  const { cacheCharacters = DEFAULT_CACHE_CHARACTERS, rowsPerTurn = DEFAULT_ROWS_PER_TURN } = options;
  const rowTexts = rowMemory(options.rowMemoryBytes ?? 0);
  const overlay = createOverlay();
  const cache = new LRUCache<BrazeId, Standing>({ maxSize: cacheCharacters });
  const counts: TableCounts = { flushes: 0, rowsWritten: 0, hits: 0, misses: 0 };
  /** Rows that are being read elsewhere. One that is not in here any more when it comes has become old on its way. */
  const loading = new Map<BrazeId, Promise<void>>();
  /** Users looked for elsewhere who have no row. */
  const absent = new Set<BrazeId>();
  /** True while bytes of a deleted profile may lie where its row was overwritten. */
  let toScrub = false;

  const cacheRow = (row: StandingRow): Standing => {
    const standing = standingOf(row);
    cache.set(row.braze_id, standing, { size: row.document.length });
    return standing;
  };
  const held = (brazeId: BrazeId): Standing | undefined => {
    const known = overlay.get(brazeId) ?? cache.get(brazeId);
    if (known !== undefined) return known;
    const row = rowTexts.get(brazeId);
    return row && cacheRow(row);
  };

  /** A row as it was just read. */
  const keep = (row: StandingRow): Standing => {
    rowTexts.set(row);
    return cacheRow(row);
  };
  const take = (brazeId: BrazeId, row: StandingRow | null | undefined): void => {
    if (row) keep(row);
    else if (row === null) {
      if (absent.size >= MOST_ABSENT) absent.clear();
      absent.add(brazeId);
    }
  };

  const writeTurn = async (
    entries: readonly (readonly [BrazeId, Standing])[],
    checkpoint: Position | undefined,
  ): Promise<void> => {
    // An entry may have been written with a newer event since the flush began: then the newest goes down.
    const newest = entries.flatMap(([brazeId]) => {
      const standing = overlay.get(brazeId);
      return standing === undefined ? [] : [{ brazeId, standing, row: rowOf(brazeId, standing) }];
    });
    const derived = derivedRows();
    for (const { brazeId, standing } of newest)
      derived.add(brazeId, overlay.writtenOf(brazeId)?.profile, standing.profile);
    await readModel.write(
      newest.map(({ row }) => row),
      checkpoint,
      derived.rows(),
    );
    for (const { brazeId, standing, row } of newest) {
      overlay.release(brazeId, standing);
      cache.set(brazeId, standing, { size: row.document.length });
      rowTexts.set(row);
    }
    counts.rowsWritten += newest.length;
    toScrub ||= newest.some(({ standing }) => standing.profile.status === 'deleted');
  };

  const inMemory = (brazeId: BrazeId): Standing | undefined => {
    const known = held(brazeId);
    if (known !== undefined) counts.hits++;
    return known;
  };

  const table: ProfileTable = {
    inMemory,
    get(brazeId) {
      const known = inMemory(brazeId);
      if (known !== undefined) return known;
      if (absent.has(brazeId)) return undefined;
      counts.misses++;
      const row = readModel.row(brazeId);
      return row && keep(row);
    },
    load(brazeId) {
      if (held(brazeId) !== undefined || absent.has(brazeId)) return undefined;
      const running = loading.get(brazeId);
      if (running) return running;
      const found = readModel.rowElsewhere(brazeId);
      const loaded = found
        ?.then((row) => {
          if (loading.get(brazeId) !== loaded) return;
          loading.delete(brazeId);
          take(brazeId, row);
        })
        .catch(() => undefined); // a row that cannot be read: `get` tells
      if (loaded) loading.set(brazeId, loaded);
      return loaded;
    },

    set(brazeId, standing, before) {
      if (loading.size > 0) loading.delete(brazeId);
      if (absent.size > 0) absent.delete(brazeId);
      overlay.set(brazeId, standing, before);
    },

    candidates(kind, value) {
      const written = readModel.candidates(kind, value).filter((row) => !overlay.has(row.braze_id));
      const waiting = [...overlay.carriersOf(identifierKey({ kind, value }))];
      return [...written, ...waiting.map((id) => candidateOf(id, overlay.get(id)!))];
    },

    find(lookup) {
      if (!staysItself(lookup)) return [];
      if (lookup.kind === 'braze_id')
        return table.get(lookup.value)?.profile.status === 'active' ? [lookup.value] : [];
      const written = writtenCarriers(readModel, lookup).filter((id) => !overlay.has(id));
      return [...new Set([...written, ...overlay.carriersOf(keyOf(lookup))])];
    },

    writtenNames: (kind, after, limit) => readModel.names(kind, after, limit),

    page: (after, limit) =>
      readModel
        .rowsAfter(after, limit)
        .map(
          (row) =>
            [row.braze_id, overlay.get(row.braze_id) ?? cache.peek(row.braze_id) ?? standingOf(row)] as const,
        ),

    async flush(checkpoint, rest) {
      const entries = overlay.entries();
      const turns = Math.max(1, Math.ceil(entries.length / rowsPerTurn));
      for (let turn = 1; turn <= turns; turn++) {
        const isLast = turn === turns;
        const some = entries.slice((turn - 1) * rowsPerTurn, turn * rowsPerTurn);
        await writeTurn(some, isLast ? checkpoint : undefined);
        if (!isLast) await rest?.(turns);
      }
      if (toScrub) toScrub = !(await readModel.scrub());
      counts.flushes++;
    },

    get waiting() {
      return overlay.size;
    },
    get cached() {
      return cache.size;
    },
    counts,
  };
  return table;
};

const keyOf = (lookup: Exclude<UserLookup, { kind: 'braze_id' }>): string =>
  lookup.kind === 'device_id' ? deviceKey(lookup.value) : identifierKey(lookup);

/** Rows are found by texts in UTF-8, where halves of surrogate pairs become one character: somebody else's, it may be. */
const staysItself = ({ value }: UserLookup): boolean => typeof value !== 'string' || value.isWellFormed();

const writtenCarriers = (
  readModel: ReadModel,
  lookup: Exclude<UserLookup, { kind: 'braze_id' }>,
): readonly BrazeId[] => {
  switch (lookup.kind) {
    case 'email':
    case 'phone':
      return readModel.candidates(lookup.kind, lookup.value).map(({ braze_id }) => braze_id);
    case 'external_id':
      return [...readModel.byExternalId(lookup.value), ...readModel.byIdentifier(keyOf(lookup))];
    case 'user_alias':
    case 'device_id':
      return readModel.byIdentifier(keyOf(lookup));
  }
};
