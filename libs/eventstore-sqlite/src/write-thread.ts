import { AppendOutcomeUnknown, EventStoreUnavailable, type EventStoreError } from '@hearth/eventing';
import { startThread, ThreadGone, threadScript } from '@hearth/threads';
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

/** Starts the thread. Rejects with the error of the port that says why the log cannot be opened. */
export const startWriteThread = async (settings: WriterSettings): Promise<WriteThread> => {
  const script = threadScript(import.meta.url, 'write-worker');
  const { thread, opened } = await startThread<WriteRequest, WriteReply>(script, settings);
  const ask = async (request: WriteRequest): Promise<Exclude<WriteReply, { failed: unknown }>> => {
    const reply = await thread.ask(request).catch((cause: unknown) => {
      const message = `The thread that writes ${settings.file} is gone; restart the process`;
      const wasAsked = cause instanceof ThreadGone && cause.wasAsked;
      throw wasAsked
        ? new AppendOutcomeUnknown(message, { cause })
        : new EventStoreUnavailable(message, { cause });
    });
    if ('failed' in reply) throw unpackError(reply.failed);
    return reply;
  };

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
      if (!thread.isGone) await ask({ kind: 'close' });
    },
    get isGone() {
      return thread.isGone;
    },
  };
};

const isDone = (reply: WriteReply): boolean => 'done' in reply && reply.done;
