import { startThread, threadScript, type Thread } from '@hearth/threads';
import type { ReadElsewhere } from './log-reader.ts';
import type { StoredSlice } from './stream-reader.ts';

/** What a thread that reads is started with. */
export interface ReaderSettings {
  readonly file: string;
}
/** Streams whose newest event is wanted. */
export type ReadRequest = readonly string[] | 'close';
/** One slice a stream; none at all where they cannot be read. */
export type ReadReply = readonly StoredSlice[];

/** Reads newest events of streams on threads of their own (docs/decisions/0018). */
export interface ReadThreads {
  readonly readElsewhere: ReadElsewhere;
  /** Lets go of the file, after what was asked before. */
  close(): Promise<void>;
}

/** A process that reads fewer than these has no use for threads: a thread costs some 10 MB. */
const READS_BEFORE = 1_000;
/** Two wait for the disk at a time. */
const THREADS = 2;
/** All of a message are answered together, so that the first waits for the last. */
const MOST_A_MESSAGE = 8;

type ReadThread = Thread<ReadRequest, ReadReply>;

interface Waiting {
  readonly stream: string;
  readonly settle: (slice: StoredSlice | undefined) => void;
}

export const readThreads = (file: string, readsBefore = READS_BEFORE): ReadThreads => {
  /** What is not yet on its way. */
  const waiting: Waiting[] = [];
  const started: Promise<ReadThread>[] = [];
  const free: ReadThread[] = [];
  let alive = 0;
  let reads = 0;
  let isOpen = true;
  let scheduled: NodeJS.Immediate | undefined;

  const start = async (): Promise<ReadThread> => {
    const settings: ReaderSettings = { file };
    const script = threadScript(import.meta.url, 'read-worker');
    const { thread } = await startThread<ReadRequest, ReadReply>(script, settings, {
      youngMegabytes: 4,
    });
    alive += 1;
    free.push(thread);
    return thread;
  };
  const startAll = (): void => {
    for (let count = 0; count < THREADS; count += 1) {
      const thread = start();
      thread.catch(() => undefined); // what nobody reads elsewhere is read here
      started.push(thread);
    }
  };

  /** Whoever waits reads for itself. */
  const giveUp = (): void => {
    for (const { settle } of waiting.splice(0)) settle(undefined);
  };
  const send = async (thread: ReadThread, some: readonly Waiting[]): Promise<void> => {
    const slices = await thread.ask(some.map(({ stream }) => stream)).catch((): ReadReply => []);
    if (thread.isGone) alive -= 1;
    else free.push(thread);
    pump();
    for (const [index, { settle }] of some.entries()) settle(slices[index]);
  };
  const pump = (): void => {
    scheduled = undefined;
    if (alive === 0 || !isOpen) giveUp();
    while (waiting.length > 0 && free.length > 0) {
      const fair = Math.ceil(waiting.length / free.length);
      void send(free.shift()!, waiting.splice(0, Math.min(fair, MOST_A_MESSAGE)));
    }
  };

  return {
    readElsewhere: (stream, { from, direction, limit }) => {
      if (direction !== 'backwards' || limit !== 1 || from !== undefined || !isOpen) return undefined;
      reads += 1;
      if (reads === readsBefore) startAll();
      if (alive === 0) return undefined;
      return new Promise((settle) => {
        waiting.push({ stream, settle });
        scheduled ??= setImmediate(pump);
      });
    },
    close: async () => {
      isOpen = false;
      giveUp();
      await Promise.allSettled(started.map(async (thread) => (await thread).ask('close')));
    },
  };
};
