import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { CheckpointReply, CheckpointRequest, CheckpointSettings } from './checkpoints.ts';

/** The thread that copies the write-ahead log into the file and waits for the disk, while the writer goes on committing. */

const { file } = workerData as CheckpointSettings;

if (parentPort) {
  const port = parentPort;
  const db = new DatabaseSync(file, { timeout: 0 });
  // A checkpoint has no use for a cache of pages.
  db.exec('PRAGMA cache_size = 16; PRAGMA synchronous = FULL');
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  port.on('message', (request: CheckpointRequest) => {
    let reply: CheckpointReply = 'done';
    try {
      if (request === 'close') db.close();
      else checkpoint.get();
    } catch {
      reply = 'failed'; // a full disk, say: it is tried again when the log has grown
    }
    port.postMessage(reply);
    if (request === 'close') port.close();
  });
  port.postMessage('done' satisfies CheckpointReply);
}
