import { parentPort, workerData } from 'node:worker_threads';
import { dumpHash } from './dump-profiles.ts';
import type { DumpReply, DumpRequest, DumpSettings } from './dump-thread.ts';
import { packFailure } from './share-protocol.ts';

/** A thread that hashes the dump of a read model. */

const { file } = workerData as DumpSettings;

const hashed = (): DumpReply => {
  try {
    return { hash: dumpHash(file) };
  } catch (error) {
    return { failed: packFailure(error) };
  }
};

if (parentPort) {
  const port = parentPort;
  port.once('message', (_: DumpRequest) => {
    port.postMessage(hashed());
    port.close();
  });
  port.postMessage({ opened: true } satisfies DumpReply);
}
