import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteEventStore } from './event-store.ts';
import { readThreads } from './read-threads.ts';
import type { StoredSlice } from './stream-reader.ts';
import { openStore, temporaryFile } from './testing/fixture.ts';
import { someEvent } from './testing/one-event.ts';

const NEWEST = { direction: 'backwards', limit: 1 } as const;
const STREAMS = 50;
const nameOf = (stream: number): string => `user_00-${stream}`;

/** The threads that are started while a test runs. */
const startedThreads = (): Worker[] => {
  const workers: Worker[] = [];
  const note = (worker: Worker): void => void workers.push(worker);
  process.on('worker', note);
  onTestFinished(() => void process.off('worker', note));
  return workers;
};

const opened = async () => {
  const file = await temporaryFile();
  const store = await openStore({ file, pace: { indexBatch: 200 } });
  const workers = startedThreads();
  const threads = readThreads(file, 1);
  onTestFinished(() => threads.close());
  const newestOf = (stream: string): Promise<StoredSlice | undefined> | undefined =>
    threads.readElsewhere(stream, NEWEST);
  const untilStarted = async (): Promise<void> => {
    while (!newestOf('nobody')) await new Promise(setImmediate);
  };
  const append = (revision: number) =>
    store.appendMany(
      Array.from({ length: STREAMS }, (_, stream) => ({
        stream: nameOf(stream),
        events: [someEvent({ revision })],
        expectedRevision: revision === 0 ? ('no_stream' as const) : revision - 1,
      })),
    );
  return { threads, newestOf, untilStarted, append, workers };
};

it('the newest event of a stream is read as of the call, indexed or not', async () => {
  const { newestOf, untilStarted, append } = await opened();
  await untilStarted();
  expect(await newestOf('nobody')).toEqual({ events: [], lastRevision: -1, endOfStream: true });
  for (let revision = 0; revision < 20; revision++) {
    await append(revision);
    const slices = await Promise.all(
      Array.from({ length: STREAMS }, async (_, stream) => newestOf(nameOf(stream))),
    );
    for (const slice of slices)
      expect(slice).toMatchObject({
        events: [{ revision, data: JSON.stringify({ revision }) }],
        lastRevision: revision,
        endOfStream: revision === 0,
      });
  }
});

it('other reads, and the first ones of a process, are left to the caller', async () => {
  const { threads, newestOf, untilStarted } = await opened();
  expect(newestOf('nobody')).toBeUndefined();
  await untilStarted();
  expect(threads.readElsewhere('nobody', { direction: 'forwards', limit: 1 })).toBeUndefined();
  expect(threads.readElsewhere('nobody', { direction: 'backwards', limit: 2 })).toBeUndefined();
  expect(threads.readElsewhere('nobody', { ...NEWEST, from: 3 })).toBeUndefined();
});

it('where the threads are gone, everything is left to the caller again, also what was asked', async () => {
  const { newestOf, untilStarted, workers } = await opened();
  await untilStarted();
  const asked = Array.from({ length: STREAMS }, async (_, stream) => newestOf(nameOf(stream)));
  await Promise.all(workers.map((worker) => worker.terminate()));
  await Promise.all(asked);
  while (newestOf('nobody')) await new Promise(setImmediate);
});

it('a store answers the same with threads, without, and after their end; closing lets go of them', async () => {
  const file = await temporaryFile();
  const workers = startedThreads();
  const store = await openSqliteEventStore({ file, pace: { readsBeforeThreads: 10 } });
  const writing = workers.length;
  let revision = -1;
  const round = async (): Promise<void> => {
    await store.append('user-1', [someEvent({ revision: revision + 1 })], {
      expectedRevision: revision === -1 ? 'no_stream' : revision,
    });
    revision += 1;
    const slices = await Promise.all([1, 2, 3].map(() => store.readStream('user-1', NEWEST)));
    for (const slice of slices)
      expect(slice).toMatchObject({
        events: [{ stream: 'user-1', revision, data: { revision } }],
        lastRevision: revision,
      });
  };
  for (let rounds = 0; rounds < 50; rounds++) await round();
  const readers = workers.slice(writing);
  expect(readers.length).toBeGreaterThan(0);
  await Promise.all(readers.map((reader) => reader.terminate()));
  for (let rounds = 0; rounds < 5; rounds++) await round();
  const last = store.readStream('user-1', NEWEST).catch((error: unknown) => error);
  await store.close();
  await last;
  await expect(store.readStream('user-1', NEWEST)).rejects.toMatchObject({ code: 'store_closed' });
  await (await openSqliteEventStore({ file })).close();
});
