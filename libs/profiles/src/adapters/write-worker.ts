import { parentPort, workerData } from 'node:worker_threads';
import { indexes, openFile, PAGE_SIZE, readMeta } from './read-model-file.ts';
import { rowWriter } from './profile-rows.ts';
import { translated, translating } from './sqlite-errors.ts';
import {
  packError,
  unpackRows,
  type WriteReply,
  type WriteRequest,
  type WriterSettings,
} from './write-protocol.ts';

/** The thread that writes profiles down: transactions and the disk hold up nobody who asks for a profile. */

const { file, maxBytes } = workerData as WriterSettings;

const serve = (port: NonNullable<typeof parentPort>): void => {
  const database = translating(file, () => openFile(file));
  if (maxBytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / PAGE_SIZE)}`);
  let isBuilt = readMeta(file)?.furthest !== undefined;
  const write = rowWriter(database, () => isBuilt);

  const scrub = (): boolean => {
    // Somebody who reads the file holds it up; the connection's own patience would block every write.
    database.exec('PRAGMA busy_timeout = 20');
    const result = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    database.exec('PRAGMA busy_timeout = 5000');
    return result?.['busy'] === 0;
  };
  const answer = (request: WriteRequest): boolean => {
    switch (request.kind) {
      case 'write':
        write(unpackRows(request.rows), request.checkpoint, request.derived);
        return true;
      case 'finishBuild':
        database.exec(indexes);
        isBuilt = true;
        return true;
      case 'scrub':
        return scrub();
      case 'close':
        database.close();
        return true;
    }
  };

  port.on('message', (request: WriteRequest) => {
    let reply: WriteReply;
    try {
      reply = { done: answer(request) };
    } catch (error) {
      reply = { failed: packError(translated(file, error)) };
    }
    port.postMessage(reply);
    if (request.kind === 'close') port.close();
  });
  port.postMessage({ done: true } satisfies WriteReply);
};

if (parentPort)
  try {
    serve(parentPort);
  } catch (error) {
    parentPort.postMessage({ failed: packError(error) } satisfies WriteReply);
    parentPort.close();
  }
