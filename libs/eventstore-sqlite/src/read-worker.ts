import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { ReadReply, ReadRequest, ReaderSettings } from './read-threads.ts';
import { streamReader } from './stream-reader.ts';

/** A thread that reads the newest events of streams: it waits for the disk here, while the others go on. */

const { file } = workerData as ReaderSettings;

if (parentPort) {
  const port = parentPort;
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  db.exec('PRAGMA cache_size = -32768');
  const readSlice = streamReader(db);
  port.on('message', (request: ReadRequest) => {
    if (request === 'close') {
      db.close();
      port.postMessage([] satisfies ReadReply);
      port.close();
      return;
    }
    let reply: ReadReply;
    try {
      reply = request.map((stream) => readSlice(stream, { direction: 'backwards', limit: 1 }));
    } catch {
      reply = []; // whoever asked reads it, and tells what is wrong
    }
    port.postMessage(reply);
  });
  port.postMessage([] satisfies ReadReply);
}
