import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import type { EncodedEvent } from '@hearth/eventing';
import { indexBatch } from './index-batch.ts';
import { createLog } from './log-file.ts';
import { logWriter, type EncodedAppend } from './log-writer.ts';
import { countingDatabase } from './testing/counting-database.ts';
import { temporaryFile } from './testing/fixture.ts';
import { someEvent } from './testing/one-event.ts';

const encoded = (): EncodedEvent => {
  const { id, type, data, metadata } = someEvent();
  return { id, type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
};
const append = (stream: string, expectedRevision: EncodedAppend['expectedRevision'], events = 1) => ({
  stream,
  expectedRevision,
  events: Array.from({ length: events }, encoded),
});

const emptyLog = async (): Promise<DatabaseSync> => {
  const file = await temporaryFile();
  createLog(file, '0123abcd');
  const db = new DatabaseSync(file);
  onTestFinished(() => db.close());
  return db;
};
/** Runs `work` as one transaction of the writer. */
const transaction = (db: DatabaseSync, writer: ReturnType<typeof logWriter>, work: () => void): void => {
  db.exec('BEGIN');
  work();
  writer.finish();
  db.exec('COMMIT');
};
const stored = (db: DatabaseSync): unknown[] =>
  db.prepare('SELECT position, revision, previous FROM events ORDER BY position').all();

it('what a transaction held back goes with it when it is rolled back', async () => {
  const db = await emptyLog();
  const writer = logWriter(db);
  transaction(db, writer, () => writer.append(append('a', 'no_stream')));
  db.exec('BEGIN');
  writer.append(append('a', 0, 3));
  writer.append(append('b', 'no_stream', 20));
  db.exec('ROLLBACK');
  writer.forget();
  transaction(db, writer, () => {
    expect(writer.append(append('b', 'no_stream'))).toMatchObject({ revision: 0, offset: 2 });
    expect(writer.append(append('a', 0))).toMatchObject({ revision: 1, offset: 3 });
  });
  expect(stored(db)).toEqual([
    { position: 1, revision: 0, previous: 0 },
    { position: 2, revision: 0, previous: 0 },
    { position: 3, revision: 1, previous: 1 },
  ]);
});

it('of an id that was stored twice, the newest counts, remembered or not', async () => {
  const db = await emptyLog();
  const writer = logWriter(db);
  const first = append('a', 'no_stream', 2);
  const again = { stream: 'a', expectedRevision: 1, events: [first.events[0]!] };
  transaction(db, writer, () => writer.append(first));
  transaction(db, writer, () => writer.append(again));
  for (const each of [writer, logWriter(db)])
    for (let attempt = 1; attempt <= 2; attempt += 1)
      transaction(db, each, () =>
        expect(each.append({ ...again, expectedRevision: 'any' })).toEqual({
          revision: 2,
          offset: 3,
          isNew: false,
        }),
      );
});

it('a repeat long ago is found by milestones that are not in the index yet', async () => {
  const db = await emptyLog();
  const appends = Array.from({ length: 500 }, (_, nth) => append('a', nth === 0 ? 'no_stream' : nth - 1));
  let looks = 0;
  const counting = countingDatabase(db, (sql) => {
    if (sql.includes('FROM events WHERE position = ?')) looks += 1;
  });
  const writer = logWriter(counting);
  transaction(db, writer, () => appends.forEach((each) => writer.append(each)));
  transaction(db, writer, () =>
    expect(writer.append(appends[3]!)).toEqual({ revision: 3, offset: 4, isNew: false }),
  );
  expect(looks).toBeLessThanOrEqual(64);
});

it('what was erased before is not gone through again', async () => {
  const db = await emptyLog();
  const writer = logWriter(db);
  transaction(db, writer, () => writer.append(append('a', 'no_stream', 10)));
  const erase = (before: number): boolean => {
    let any = false;
    transaction(db, writer, () => (any = writer.erase('a', before)));
    return any;
  };
  expect(erase(5)).toBe(true);
  expect(erase(5)).toBe(false);
  expect(erase(3)).toBe(false);
  expect(erase(20)).toBe(true);
  const left = db.prepare("SELECT revision FROM events WHERE type <> ''").all();
  expect(left).toEqual([{ revision: 9 }]);
});

it('in the middle of a batch the newest events are known of streams that are in the index and of those that are not', async () => {
  const db = await emptyLog();
  const writer = logWriter(db);
  const streams = [1, 2, 3, 4, 5];
  transaction(db, writer, () =>
    streams.forEach((stream) => writer.append(append(`s-${stream}`, 'no_stream', 3))),
  );
  const batch = indexBatch(db);
  db.exec('BEGIN');
  batch.writeSlice(2);
  db.exec('COMMIT');
  expect(batch.isWriting).toBe(true);
  const heads = () => db.prepare('SELECT stream, revision, position FROM stream_heads ORDER BY stream').all();
  const headOf = (stream: number) => ({ stream, revision: 2, position: stream * 3 });
  expect(heads()).toEqual([1, 2].map(headOf));
  for (const stream of streams) expect(batch.newestOf(stream)).toEqual([2, stream * 3]);
  batch.add(4, 3, 16, 1);
  expect(batch.newestOf(4)).toEqual([3, 16]);
  expect(batch.atOrAfter(4, 2)).toEqual([2, 12]);
  expect(batch.atOrAfter(4, 3)).toEqual([3, 16]);
  db.exec('BEGIN');
  batch.writeSlice(10);
  db.exec('COMMIT');
  expect(batch.isWriting).toBe(false);
  expect(heads()).toEqual(streams.map(headOf));
  expect(db.prepare('SELECT indexed FROM store').get()).toEqual({ indexed: 15 });
});
