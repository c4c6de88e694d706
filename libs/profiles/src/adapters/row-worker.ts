import { answerLookUps } from '@hearth/threads';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { selectRow } from './profile-rows.ts';
import type { FoundRow, RowReaderSettings } from './row-threads.ts';

/** A thread that looks up rows of profiles: it waits for the disk here, while the others go on. */

const { file } = workerData as RowReaderSettings;

if (parentPort) {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  database.exec('PRAGMA cache_size = -16384');
  const rowOf = selectRow(database);
  answerLookUps(
    parentPort,
    (brazeId: string): FoundRow => rowOf(brazeId) ?? null,
    () => database.close(),
  );
}
