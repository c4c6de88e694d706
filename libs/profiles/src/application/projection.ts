import { parsePartitions, userStreamPrefix, type ItemError } from '@hearth/contracts';
import { type EventFilter, type EventStore, EventStoreError, type Position } from '@hearth/eventing';
import type { Logger } from '@hearth/nest-kit';
import { answerQueries, type AnswerQueries } from './answer-queries.ts';
import { createApplier } from './apply-events.ts';
import { ProjectionError } from './errors.ts';
import type { VisibleAttributes } from './export-user.ts';
import { createFlusher, livePace } from './flusher.ts';
import { followLog } from './follow-log.ts';
import { createLeases } from './leases.ts';
import { logProgress } from './log-progress.ts';
import { profileTable, type TableOptions } from './profile-table.ts';
import { itemErrorOf, readProfiles, type ReadProfiles } from './read-profiles.ts';
import { readRest } from './read-rest.ts';
import { ReadModelError, type ReadModel } from './read-model.ts';
import { resolveIdentifiers, type ResolveIdentifiers } from './resolve-identifiers.ts';

export interface ProjectionPorts {
  readonly store: EventStore;
  readonly readModel: ReadModel;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  /** Waits that many milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** Epoch milliseconds, for what expires; the machine's own clock without it. */
  readonly now?: () => number;
  /** Leaves out custom attributes that the workspace hides; without it, all of them are shown. */
  readonly visibleAttributes?: VisibleAttributes;
  /** Told once, when it can go on no more: an event that cannot be folded, a damaged file, a store that refuses. */
  readonly onFailure?: (error: unknown) => void;
}

export interface ProjectionOptions extends TableOptions {
  /** A range list such as `00-7f`: whose users are folded. */
  readonly partitions: string;
  /** How many applied profiles may wait for being written down (default 50,000), */
  readonly maxWaiting?: number;
  /** and for how many milliseconds (default 5,000); twice as long where few wait. */
  readonly flushIntervalMs?: number;
}

/** Profiles as the log gives them, followed live. */
export interface Projection {
  readonly readProfiles: ReadProfiles;
  readonly resolveIdentifiers: ResolveIdentifiers;
  readonly answerQueries: AnswerQueries;
  /** Resolves when the head of the log has been reached once; rejects where that fails. */
  whenCaughtUp(): Promise<void>;
  /** Resolves when everything up to a position is applied, reading the log itself where the subscription is behind. */
  reach(position: Position): Promise<void>;
  readonly caughtUp: boolean;
  /** Why it cannot answer now; undefined where it can. */
  readonly problem: Error | undefined;
  readonly stats: () => ProjectionStats;
  /** Ends the subscription, writes everything down and closes the read model. */
  stop(): Promise<void>;
}

export interface ProjectionStats {
  readonly folded: number;
  readonly dropped: number;
  readonly flushes: number;
  readonly rowsWritten: number;
  readonly hits: number;
  readonly misses: number;
  readonly waiting: number;
  readonly cached: number;
  /** How far the log is applied. */
  readonly applied: Position | undefined;
  /** When the event that was folded last was taken in. */
  readonly newestReceivedAt: string | undefined;
}

/** The streams of the users of some partitions. */
export const userStreamsOf = (partitions: string): EventFilter => {
  const owned = parsePartitions(partitions);
  if (owned === undefined)
    throw new TypeError(`"${partitions}" is no range list of partitions such as 00-7f`);
  return { streamPrefixes: owned.size === 256 ? ['user_'] : [...owned].map(userStreamPrefix) };
};

const RETRY_MS = 500;
const mayPass = (error: unknown): boolean =>
  (error instanceof EventStoreError && error.code === 'unavailable') ||
  (error instanceof ReadModelError && error.mayPass);

/** The same read model, telling of damage wherever it shows. */
const telling = (readModel: ReadModel, onDamage: (error: unknown) => void): ReadModel => {
  const tell = (error: unknown): never => {
    if (isDamage(error)) onDamage(error);
    throw error;
  };
  const told =
    <Args extends unknown[], Result>(call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      try {
        return call(...args);
      } catch (error) {
        return tell(error);
      }
    };
  const toldLater =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> =>
      call(...args).catch(tell);
  const { row, candidates, byExternalId, byIdentifier, names, rowsAfter, write, finishBuild, scrub } =
    readModel;
  return {
    ...readModel,
    row: told(row),
    candidates: told(candidates),
    byExternalId: told(byExternalId),
    byIdentifier: told(byIdentifier),
    names: told(names),
    rowsAfter: told(rowsAfter),
    write: toldLater(write),
    finishBuild: toldLater(finishBuild),
    scrub: toldLater(scrub),
  };
};

const isDamage = (error: unknown): boolean =>
  error instanceof ReadModelError && error.code === 'read_model_damaged';
/** Far behind the log, this many profiles may wait for being written down: some 200 MB of them. */
export const MAX_WAITING_BEHIND = 100_000;
/** A restart has caught up in less; a rebuild takes longer, and nobody waits for that. */
const CATCH_UP_PATIENCE_MS = 1_000;
const REACH_PAUSES_MS = [0, 5, 20, 75, 200] as const;

/** Opens the projection: it begins to follow the log at once, and answers reads from the start. */
export const startProjection = (ports: ProjectionPorts, options: ProjectionOptions): Projection => {
  const {
    store,
    readModel,
    logger,
    pause,
    onFailure,
    visibleAttributes = (attributes) => attributes,
    now = Date.now,
  } = ports;
  const { partitions, maxWaiting = 50_000, flushIntervalMs = 5_000 } = options;
  const filter = userStreamsOf(partitions);
  const progress = logProgress(readModel.checkpoint);
  const table = profileTable(
    telling(readModel, (error) => fail(error)),
    options,
  );
  const applier = createApplier(table, store, readModel.furthest);
  const ending = new AbortController();
  const caughtUp = Promise.withResolvers<void>();
  caughtUp.promise.catch(() => undefined);
  let isCaughtUp = false;
  let failure: Error | undefined;
  let discarding: Promise<void> | undefined;

  const fail = (error: unknown): void => {
    if (failure || ending.signal.aborted) return;
    failure = error instanceof Error ? error : new Error(String(error));
    logger.error({ err: failure }, 'profiles can no longer be folded; nothing is answered until a restart');
    if (isDamage(failure)) discarding = readModel.discard();
    caughtUp.reject(failure);
    ending.abort();
    onFailure?.(failure);
  };

  const flusher = createFlusher({
    table,
    progress,
    logger,
    pause,
    onFailure: fail,
    tickMs: flushIntervalMs,
    pace: () =>
      isCaughtUp ? livePace(table.waiting, maxWaiting) : { maxWaiting: MAX_WAITING_BEHIND, everyTicks: 50 },
  });

  const onCaughtUp = async (): Promise<void> => {
    await flusher.flush().catch(() => undefined);
    await readModel.finishBuild();
    isCaughtUp = true;
    caughtUp.resolve();
    logger.info({ ...applier.counts, position: progress.applied }, 'profiles have caught up with the log');
  };

  const follow = async (): Promise<void> => {
    for (;;)
      try {
        return await followLog({
          store,
          filter,
          applier,
          progress,
          flusher,
          onCaughtUp: async () => {
            if (!isCaughtUp) await onCaughtUp();
          },
          signal: ending.signal,
        });
      } catch (error) {
        if (!mayPass(error)) throw error;
        await pause(RETRY_MS);
      }
  };
  const following = follow().catch(fail);

  let readingRest: Promise<unknown> | undefined;
  /** Reads the rest of the log once for all who wait, with the position it has to come to looked at anew each time. */
  const restRead = (): Promise<unknown> =>
    (readingRest ??= readRest({ store, filter, applier, progress, signal: ending.signal }).finally(
      () => (readingRest = undefined),
    ));

  const reach = async (position: Position | undefined): Promise<void> => {
    if (!isCaughtUp) await Promise.race([caughtUp.promise, pause(CATCH_UP_PATIENCE_MS)]);
    if (!isCaughtUp)
      throw new ProjectionError('catching_up', 'Profiles are still being folded from the log; ask again');
    if (position === undefined) return;
    for (const ms of REACH_PAUSES_MS) {
      if (progress.reached(position)) return;
      if (ms > 0) await pause(ms);
      await restRead();
    }
    if (!progress.reached(position))
      throw new ProjectionError(
        'not_reached',
        `The log ends before ${position}, as far as it can be read here`,
      );
  };

  const problem = (): Error | undefined => failure ?? flusher.problem;
  /** Answers nothing while an answer could be wrong. */
  const guarded =
    <Request, Reply>(answer: (requests: readonly Request[]) => Promise<Reply[]> | Reply[]) =>
    (requests: readonly Request[]): Promise<(Reply | ItemError)[]> | (Reply | ItemError)[] => {
      const found = problem();
      return found ? requests.map(() => itemErrorOf(found)) : answer(requests);
    };

  const stop = async (): Promise<void> => {
    ending.abort();
    caughtUp.reject(new ProjectionError('stopped', 'The projection was stopped'));
    flusher.stop();
    await following;
    await readingRest?.catch(() => undefined);
    if (isDamage(failure)) return discarding;
    try {
      await flusher.flush();
    } finally {
      await readModel.close();
    }
  };

  let stopping: Promise<void> | undefined;
  return {
    readProfiles: guarded(readProfiles({ table, applier, pause })),
    resolveIdentifiers: guarded(resolveIdentifiers({ table, reach })),
    answerQueries: guarded(
      answerQueries({
        table,
        store,
        reach,
        flush: () => flusher.flush(),
        visibleAttributes,
        leases: createLeases(now),
      }),
    ),
    whenCaughtUp: () => caughtUp.promise,
    reach,
    get caughtUp() {
      return isCaughtUp;
    },
    get problem() {
      return problem();
    },
    stats: () => ({
      ...applier.counts,
      ...table.counts,
      waiting: table.waiting,
      cached: table.cached,
      applied: progress.applied,
      newestReceivedAt: applier.newestReceivedAt,
    }),
    stop: () => (stopping ??= stop()),
  };
};
