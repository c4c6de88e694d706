import { startThread, threadScript } from '@hearth/threads';
import { ReadModelError, type ReadModel } from '../application/read-model.ts';
import {
  packRows,
  unpackError,
  type WriteReply,
  type WriteRequest,
  type WriterSettings,
} from './write-protocol.ts';

/** The thread that has a read model open for writing, seen from the one that answers for profiles. */
export interface WriteThread extends Pick<ReadModel, 'write' | 'finishBuild' | 'scrub'> {
  /** Closes the file and ends the thread, after what was asked before. */
  close(): Promise<void>;
}

/** Starts the thread. Rejects with the `ReadModelError` that says why the file cannot be written to. */
export const startWriteThread = async (settings: WriterSettings): Promise<WriteThread> => {
  const script = threadScript(import.meta.url, 'write-worker');
  const { thread, opened } = await startThread<WriteRequest, WriteReply>(script, settings);
  const done = (reply: WriteReply): boolean => {
    if ('failed' in reply) throw unpackError(reply.failed);
    return reply.done;
  };
  const ask = async (request: WriteRequest): Promise<boolean> =>
    done(
      await thread.ask(request).catch((cause: unknown) => {
        const message = `The thread that writes ${settings.file} is gone; restart the process`;
        throw new ReadModelError('read_model_failed', message, { cause });
      }),
    );

  done(opened);
  return {
    write: async (rows, checkpoint, derived) => {
      await ask({
        kind: 'write',
        rows: packRows(rows),
        ...(checkpoint !== undefined && { checkpoint }),
        ...(derived !== undefined && { derived }),
      });
    },
    finishBuild: async () => void (await ask({ kind: 'finishBuild' })),
    scrub: () => ask({ kind: 'scrub' }),
    close: async () => {
      if (!thread.isGone) await ask({ kind: 'close' });
    },
  };
};
