import { parsePartitions } from '@hearth/contracts';
import { comparePositions } from '@hearth/eventing';
import { startThread, threadScript, type Thread } from '@hearth/threads';
import type { FoldedLog } from './fold-log.ts';
import {
  ENDING,
  FOLDED,
  unpackFailure,
  type LogModule,
  type ShareReply,
  type ShareRequest,
  type ShareSettings,
} from './share-protocol.ts';

export interface FoldInShares {
  readonly log: LogModule;
  /** The read model: it is there, and has no rows. */
  readonly file: string;
  /** Whose users are folded, as a range list. */
  readonly partitions: string;
  /** How many threads fold; there are no more than partitions. */
  readonly threads: number;
  /** How many profiles may be in memory, on all threads together. */
  readonly maxHeld: number;
  readonly onProgress?: ((events: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PROGRESS_MS = 100;
/** A profile lasts from one event of its user to the next. Room for more of them to end young is a quarter less work. */
const YOUNG_MB = 192;

/**
 * Folds the log on several threads, each the users of some of the partitions: streams fold on their own, so any split gives the
 * same rows. Every thread reads the whole log, and passes over what is not its own before looking into it. Rejects where
 * it is told to end, and with what the first thread to fail says; all have ended by then.
 */
export const foldInShares = async (options: FoldInShares): Promise<FoldedLog> => {
  const { onProgress, signal } = options;
  const lists = dealt(options.partitions, options.threads);
  const signals = lists.map(() => new Int32Array(new SharedArrayBuffer(8)));
  const end = (): void => signals.forEach((each) => Atomics.store(each, ENDING, 1));
  const tell = (): void => onProgress?.(signals.reduce((sum, each) => sum + Atomics.load(each, FOLDED), 0));
  const telling = setInterval(tell, PROGRESS_MS);
  signal?.addEventListener('abort', end);
  try {
    const failures: unknown[] = [];
    const shares = await Promise.all(
      lists.map((partitions, index) =>
        foldShare({
          file: options.file,
          log: options.log,
          partitions,
          maxHeld: Math.ceil(options.maxHeld / lists.length),
          signals: signals[index]!,
        }).catch((error: unknown) => {
          failures.push(error);
          end();
        }),
      ),
    );
    signal?.throwIfAborted();
    if (failures.length > 0) throw failures[0];
    tell();
    return shares.filter((share) => share !== undefined).reduce(together);
  } finally {
    signal?.removeEventListener('abort', end);
    clearInterval(telling);
  }
};

const foldShare = async (settings: ShareSettings): Promise<FoldedLog> => {
  const { thread }: { thread: Thread<ShareRequest, ShareReply> } = await startThread(
    threadScript(import.meta.url, 'share-worker'),
    settings,
    { youngMegabytes: YOUNG_MB },
  );
  const reply = await thread.ask('fold');
  if ('failed' in reply) throw unpackFailure(reply.failed);
  if ('opened' in reply) throw new TypeError('a share answered twice that it is there');
  return reply.folded;
};

/** The partitions dealt out like cards, so that each list has as many as any other, give or take one. */
const dealt = (partitions: string, threads: number): readonly string[] => {
  const lists: string[][] = Array.from({ length: threads }, () => []);
  for (const [index, partition] of [...(parsePartitions(partitions) ?? [])].entries())
    lists[index % threads]!.push(partition);
  return lists.filter((list) => list.length > 0).map((list) => list.join(','));
};

/** Everything up to the position of the one that came less far is folded by both. */
const together = (one: FoldedLog, other: FoldedLog): FoldedLog => ({
  events: one.events + other.events,
  position:
    one.position === undefined || other.position === undefined
      ? undefined
      : comparePositions(one.position, other.position) < 0
        ? one.position
        : other.position,
});
