import { Worker } from 'node:worker_threads';
import { AppendOutcomeUnknown, EventStoreUnavailable, type EventStoreError } from '@hearth/eventing';
import type { Appended, EncodedAppend } from './log-writer.ts';
import {
  packAppends,
  unpackError,
  unpackOutcomes,
  type GroupOutcome,
  type WriteReply,
  type WriteRequest,
  type WriterSettings,
} from './write-protocol.ts';

/** The thread that has the log open for writing, seen from the one that answers callers. */
export interface WriteThread {
  /** Commits appends as one group. Outcomes in order; rejects only where the thread is gone. */
  append(group: readonly EncodedAppend[]): Promise<CommittedGroup>;
  /** Empties the events of a stream before a revision. Answers whether any stood there. */
  erase(stream: string, before: number): Promise<boolean>;
  /** Empties the write-ahead log. False while a reader still needs it. */
  truncate(): Promise<boolean>;
  /** Closes the log and ends the thread, after what was asked before. */
  close(): Promise<void>;
  /** True once the thread has ended, by itself or by a fault: nothing can be written any more. */
  readonly isGone: boolean;
}

export interface CommittedGroup extends Pick<GroupOutcome, 'before' | 'head'> {
  readonly outcomes: readonly (Appended | EventStoreError)[];
}

interface Waiting {
  readonly resolve: (reply: WriteReply) => void;
  readonly reject: (error: Error) => void;
}

const script = new URL(`./write-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Starts the thread. Rejects with the error of the port that says why the log cannot be opened. */
export const startWriteThread = async (settings: WriterSettings): Promise<WriteThread> => {
  const worker = new Worker(script, { workerData: settings });
  const waiting: Waiting[] = [];
  let gone: Error | undefined;

  const end = (error: Error): void => {
    gone ??= error;
    for (const { reject } of waiting.splice(0)) reject(gone);
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the writing thread has ended')));
  worker.on('message', (reply: WriteReply) => {
    waiting.shift()?.resolve(reply);
    // An idle thread does not keep a process that has nothing else to do.
    if (waiting.length === 0) worker.unref();
  });

  const nextReply = (): Promise<WriteReply> => {
    worker.ref();
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const threadIsGone = `The thread that writes ${settings.file} is gone; restart the process`;
  const ask = async (request: WriteRequest): Promise<Exclude<WriteReply, { failed: unknown }>> => {
    if (gone) throw new EventStoreUnavailable(threadIsGone, { cause: gone });
    const replied = nextReply();
    worker.postMessage(request);
    const reply = await replied.catch((cause: unknown) => {
      throw new AppendOutcomeUnknown(threadIsGone, { cause });
    });
    if ('failed' in reply) throw unpackError(reply.failed);
    return reply;
  };

  const opened = await nextReply();
  if ('failed' in opened) throw unpackError(opened.failed);
  return {
    append: async (group) => {
      const reply = await ask({ kind: 'append', appends: packAppends(group) });
      if (!('group' in reply)) throw new Error('the writing thread answered something else');
      const { before, head, outcomes } = reply.group;
      return { before, head, outcomes: unpackOutcomes(outcomes) };
    },
    erase: async (stream, before) => isDone(await ask({ kind: 'erase', stream, before })),
    truncate: async () => isDone(await ask({ kind: 'truncate' })),
    close: async () => {
      if (!gone) await ask({ kind: 'close' });
    },
    get isGone() {
      return gone !== undefined;
    },
  };
};

const isDone = (reply: WriteReply): boolean => 'done' in reply && reply.done;
