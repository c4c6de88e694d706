import { Worker } from 'node:worker_threads';
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

interface Waiting {
  readonly resolve: (reply: WriteReply) => void;
  readonly reject: (error: Error) => void;
}

const script = new URL(`./write-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Starts the thread. Rejects with the `ReadModelError` that says why the file cannot be written to. */
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
  const done = async (replied: Promise<WriteReply>): Promise<boolean> => {
    const reply = await replied.catch((cause: unknown) => {
      throw threadIsGone(settings.file, cause);
    });
    if ('failed' in reply) throw unpackError(reply.failed);
    return reply.done;
  };
  const ask = async (request: WriteRequest): Promise<boolean> => {
    if (gone) throw threadIsGone(settings.file, gone);
    const replied = nextReply();
    worker.postMessage(request);
    return done(replied);
  };

  await done(nextReply());
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
      if (!gone) await ask({ kind: 'close' });
    },
  };
};

const threadIsGone = (file: string, cause: unknown): ReadModelError =>
  new ReadModelError('read_model_failed', `The thread that writes ${file} is gone; restart the process`, {
    cause,
  });
