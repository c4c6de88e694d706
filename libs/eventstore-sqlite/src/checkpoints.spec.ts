import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { checkpointsBehind } from './checkpoints.ts';
import { temporaryFile } from './testing/fixture.ts';

const PAGES = 50;
const PAGE_SIZE = 4_096;

const opened = async () => {
  const file = await temporaryFile();
  const db = new DatabaseSync(file);
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = OFF; CREATE TABLE t (page TEXT) STRICT',
  );
  const checkpoints = checkpointsBehind(db, file, PAGES);
  onTestFinished(async () => {
    await checkpoints.close();
    if (db.isOpen) db.close();
  });
  const insert = db.prepare('INSERT INTO t VALUES (?)');
  return {
    file,
    db,
    checkpoints,
    /** Commits some pages at a time until something is so; a turn of the event loop between commits. */
    commitUntil: async (isSo: () => boolean) => {
      do {
        insert.run('x'.repeat(5 * PAGE_SIZE));
        checkpoints.afterCommit();
        await new Promise(setImmediate);
      } while (!isSo());
    },
    pagesInLog: () => logOf(db),
    /** True once the write-ahead log has started over so many times since. */
    restarts: (times: number) => {
      let [last, seen] = [logOf(db), 0];
      return () => {
        const now = logOf(db);
        if (now < last) seen += 1;
        last = now;
        return seen >= times;
      };
    },
    rows: () => Number(db.prepare('SELECT count(*) AS n FROM t').get()?.['n']),
  };
};

const logOf = (db: DatabaseSync): number =>
  (db.prepare('PRAGMA wal_checkpoint(NOOP)').get() as { log: number }).log;

const nextWorker = (): Promise<Worker> => new Promise((resolve) => process.once('worker', resolve));

it('the write-ahead log is copied and starts over while commits go on', async () => {
  const { commitUntil, restarts } = await opened();
  await commitUntil(restarts(5));
});

it('a reader that holds on makes it grow, and no commit wait; afterwards it starts over', async () => {
  const { file, commitUntil, pagesInLog, restarts, rows } = await opened();
  await commitUntil(restarts(1));
  const reader = new DatabaseSync(file, { readOnly: true });
  reader.exec('BEGIN');
  const count = reader.prepare('SELECT count(*) AS n FROM t');
  const before = count.get()?.['n'];
  const held = restarts(1);
  await commitUntil(() => pagesInLog() > 20 * PAGES);
  expect(held()).toBe(false);
  expect(count.get()?.['n']).toBe(before);
  reader.exec('COMMIT');
  expect(count.get()?.['n']).toBe(rows());
  reader.close();
  await commitUntil(restarts(1));
});

it('where the thread is gone, commits copy the log themselves', async () => {
  const started = nextWorker();
  const { commitUntil, restarts } = await opened();
  await commitUntil(restarts(1));
  await (await started).terminate();
  await commitUntil(restarts(5));
});

it('closing lets go of the file, so that the last connection folds the log in', async () => {
  const { checkpoints, db, file, commitUntil, restarts, rows } = await opened();
  await commitUntil(restarts(1));
  const written = rows();
  await checkpoints.close();
  db.close();
  expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined();
  const again = new DatabaseSync(file, { readOnly: true });
  expect(again.prepare('SELECT count(*) AS n FROM t').get()?.['n']).toBe(written);
  again.close();
});
