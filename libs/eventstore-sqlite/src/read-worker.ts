import { answerLookUps } from '@hearth/threads';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { ReaderSettings } from './read-threads.ts';
import { streamReader, type StoredSlice } from './stream-reader.ts';

/** A thread that reads the newest events of streams: it waits for the disk here, while the others go on. */

const { file } = workerData as ReaderSettings;

if (parentPort) {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  db.exec('PRAGMA cache_size = -32768');
  const readSlice = streamReader(db);
  answerLookUps(
    parentPort,
    (stream: string): StoredSlice => readSlice(stream, { direction: 'backwards', limit: 1 }),
    () => db.close(),
  );
}
