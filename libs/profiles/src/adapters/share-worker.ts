import { parentPort, workerData } from 'node:worker_threads';
import { foldLog } from './fold-log.ts';
import {
  ENDING,
  FOLDED,
  packFailure,
  type LogModuleExports,
  type ShareReply,
  type ShareRequest,
  type ShareSettings,
} from './share-protocol.ts';

/** A thread of a rebuild: it reads the log for itself, folds the users of its partitions and writes their rows. */

const { file, log, partitions, maxHeld, signals } = workerData as ShareSettings;

const fold = async (): Promise<ShareReply> => {
  const { openLog } = (await import(log.url)) as LogModuleExports;
  const store = await openLog(log.settings);
  const ending = new AbortController();
  try {
    const folded = await foldLog({
      store,
      file,
      partitions,
      maxHeld,
      onPage: (events) => {
        Atomics.store(signals, FOLDED, events);
        if (Atomics.load(signals, ENDING) !== 0) ending.abort();
      },
      signal: ending.signal,
    });
    return { folded };
  } finally {
    await store.close();
  }
};

if (parentPort) {
  const port = parentPort;
  const reply = (message: ShareReply): void => port.postMessage(message);
  port.once('message', (_: ShareRequest) => {
    void fold()
      .then(reply, (error: unknown) => reply({ failed: packFailure(error) }))
      .finally(() => port.close());
  });
  reply({ opened: true });
}
