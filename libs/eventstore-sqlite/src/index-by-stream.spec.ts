import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AppendItem } from '@hearth/eventing';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteEventReader } from './event-reader.ts';
import { openSqliteEventStore } from './event-store.ts';
import { streamReader } from './stream-reader.ts';
import { countingDatabase } from './testing/counting-database.ts';
import { someEvent } from './testing/one-event.ts';

/** The index by stream is filled in batches behind the commits: no reader may see where it ends. */

const newFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-index-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'events.db');
};
const STREAMS = 40;
const GROUPS = 60;
const nameOf = (stream: number): string => `user_00-${stream}`;

it('leads to every event, before, while and after it is filled, here and in other processes', async () => {
  const file = newFile();
  const pace = { indexBatch: 1_000 };
  let store = await openSqliteEventStore({ file, pace });
  const reader = await openSqliteEventReader({ file });
  const lengths = new Array<number>(STREAMS).fill(0);
  const random = fc.sample(fc.nat(), { numRuns: 20_000, seed: 7 });
  let at = 0;
  const next = (below: number): number => random[at++ % random.length]! % below;

  const check = async (): Promise<void> => {
    const stream = next(STREAMS);
    const length = lengths[stream]!;
    const all = Array.from({ length }, (_, revision) => revision);
    const limit = 1 + next(30);
    const from = next(length + 2) - 1;
    const read = {
      forwards: all.filter((revision) => revision > from),
      backwards: all.filter((r) => r < from).toReversed(),
    };
    for (const direction of ['forwards', 'backwards'] as const)
      for (const log of [store, reader]) {
        const slice = await log.readStream(nameOf(stream), { direction, limit, from });
        expect(slice.events.map(({ revision }) => revision)).toEqual(read[direction].slice(0, limit));
        expect(slice.lastRevision).toBe(length - 1);
      }
  };

  for (let group = 0; group < GROUPS; group++) {
    const items = Array.from({ length: STREAMS }, (_, stream) => ({ stream, events: 1 + next(4) }));
    const outcomes = await store.appendMany(
      items.map(({ stream, events }) => ({
        stream: nameOf(stream),
        events: Array.from({ length: events }, () => someEvent()),
        expectedRevision: lengths[stream] === 0 ? ('no_stream' as const) : lengths[stream]! - 1,
      })),
    );
    expect(outcomes.filter((outcome) => outcome instanceof Error)).toEqual([]);
    for (const { stream, events } of items) lengths[stream]! += events;
    await check();
    if (group % 20 === 19) {
      await store.close();
      store = await openSqliteEventStore({ file, pace });
    }
  }
  expect(lengths.reduce((sum, length) => sum + length)).toBeGreaterThan(4 * pace.indexBatch);
  await reader.close();
  await store.close();
});

/** More streams than one slice takes, and no more commits: nothing follows that would bring another slice. */
const MANY = 400;
const HALF_A_BATCH = { indexBatch: 2 * MANY };
const APPENDS_A_COMMIT = 40;

const inFile = <Result>(file: string, work: (database: DatabaseSync) => Result): Result => {
  const database = new DatabaseSync(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
};
const indexOf = (file: string) =>
  inFile(file, (database) =>
    database
      .prepare(
        'SELECT indexed, (SELECT count(*) FROM stream_heads) AS heads, (SELECT max(position) FROM stream_heads) AS furthest FROM store',
      )
      .get(),
  );
const copyOf = (file: string): string => {
  const copy = newFile();
  for (const suffix of ['', '-wal'])
    if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
  return copy;
};

describe('in the middle of a batch', () => {
  /** A log in which some of a batch is in the index. */
  const halfIndexed = async () => {
    const file = newFile();
    const store = await openSqliteEventStore({ file, pace: HALF_A_BATCH });
    let items: AppendItem[] = [];
    const append = async (revision: number): Promise<void> => {
      for (let from = 0; from < MANY; from += APPENDS_A_COMMIT) {
        items = Array.from({ length: APPENDS_A_COMMIT }, (_, nth) => ({
          stream: nameOf(from + nth),
          events: [someEvent({ revision })],
          expectedRevision: revision === 0 ? ('no_stream' as const) : revision - 1,
        }));
        const outcomes = await store.appendMany(items);
        expect(outcomes.filter((outcome) => outcome instanceof Error)).toEqual([]);
      }
    };
    await append(0);
    await append(1);
    // The thread answers in order: the slice that follows the last append is written by now.
    await store.eraseBefore('nobody', 1);
    expect(indexOf(file)).toEqual({ indexed: 0, heads: 256, furthest: MANY + 256 });
    return { file, store, append, repeat: () => store.appendMany(items), last: 1 };
  };
  const expectAll = async (
    log: Pick<Awaited<ReturnType<typeof openSqliteEventStore>>, 'readStream'>,
    last: number,
  ): Promise<void> => {
    const all = Array.from({ length: last + 1 }, (_, revision) => ({ revision, data: { revision } }));
    for (let stream = 0; stream < MANY; stream++)
      for (const direction of ['forwards', 'backwards'] as const) {
        const slice = await log.readStream(nameOf(stream), { direction });
        expect(slice.lastRevision).toBe(last);
        expect(slice.events).toMatchObject(direction === 'forwards' ? all : all.toReversed());
      }
  };

  it('every event is found once, by those who read before and after', async () => {
    const { file, store, append, last } = await halfIndexed();
    const reader = await openSqliteEventReader({ file });
    await expectAll(store, last);
    await expectAll(reader, last);
    await append(last + 1);
    await expectAll(store, last + 1);
    await expectAll(reader, last + 1);
    await reader.close();
    await store.close();
    const head = (last + 2) * MANY;
    expect(indexOf(file)).toEqual({ indexed: head, heads: MANY, furthest: head });
  });

  it('a repeat is recognised', async () => {
    const { store, repeat, last } = await halfIndexed();
    const outcomes = await repeat();
    expect(outcomes).toMatchObject(outcomes.map(() => ({ revision: last })));
    await expectAll(store, last);
    await store.close();
  });

  it('a crash leaves a log that goes on', async () => {
    const { file, store, last } = await halfIndexed();
    const crashed = copyOf(file);
    await store.close();

    const again = await openSqliteEventStore({ file: crashed, pace: HALF_A_BATCH });
    await expectAll(again, last);
    for (let stream = 0; stream < MANY; stream += 7) {
      const events = [someEvent({ revision: last + 1 })];
      await again.append(nameOf(stream), events, { expectedRevision: last });
      await again.append(nameOf(stream), events, { expectedRevision: last }); // a repeat
    }
    const slice = await again.readStream(nameOf(7));
    expect(slice.events.map(({ data }) => data)).toEqual([0, 1, 2].map((revision) => ({ revision })));
    await again.close();
    expect(indexOf(crashed)).toMatchObject({ heads: MANY });
  });
});

it.each([
  ['the newest event', 'UPDATE stream_heads SET position = position - 1 WHERE stream = 1'],
  ['the newest event, beyond the log', 'UPDATE stream_heads SET position = position + 1 WHERE stream = 2'],
  ['a milestone', 'UPDATE stream_events SET position = position + 1 WHERE stream = 1'],
  ['the event before', 'UPDATE events SET previous = previous + 1 WHERE stream = 1 AND revision = 30'],
  ['no event before', 'UPDATE events SET previous = NULL WHERE stream = 1 AND revision = 30'],
])('a log that leads elsewhere for %s says so', async (_, damage) => {
  const file = newFile();
  const whole = await openSqliteEventStore({ file });
  for (let revision = 0; revision < 70; revision++)
    await whole.appendMany(
      [1, 2].map((stream) => ({ stream: nameOf(stream), events: [someEvent()], expectedRevision: 'any' })),
    );
  await whole.close();
  inFile(file, (database) => database.exec(damage));

  const store = await openSqliteEventStore({ file });
  const stream = nameOf(damage.includes('stream = 2') ? 2 : 1);
  const damaged = { code: 'store_damaged' };
  const isMilestone = damage.includes('stream_events');
  const read = isMilestone ? { from: 5, limit: 20 } : {};
  for (let attempt = 1; attempt <= 3; attempt++) {
    await expect(store.readStream(stream, read)).rejects.toMatchObject(damaged);
    const appended = store.append(stream, [someEvent()], { expectedRevision: 'any' });
    // Who needs to know all ids of a stream begins with its newest event, not with a milestone.
    if (!isMilestone) await expect(appended).rejects.toMatchObject(damaged);
    else await appended;
  }
  await store.close();
});

it('of long streams the middle is found without going through the rest', async () => {
  const file = newFile();
  const store = await openSqliteEventStore({ file, pace: { indexBatch: 5_000 } });
  const events = () => Array.from({ length: 2_000 }, () => someEvent());
  for (const expectedRevision of ['no_stream', 1_999, 3_999] as const)
    await store.append(nameOf(0), events(), { expectedRevision });
  await store.append(nameOf(1), [someEvent()], { expectedRevision: 'no_stream' });
  let looks = 0;
  const database = new DatabaseSync(file, { readOnly: true });
  const counting = countingDatabase(database, () => (looks += 1));
  const read = streamReader(counting);
  const slice = (from: number) => read(nameOf(0), { from, limit: 10, direction: 'forwards' });
  slice(0);
  for (const from of [0, 1_000, 3_990, 4_500, 5_988]) {
    looks = 0;
    expect(slice(from).events.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 10 }, (_, nth) => from + 1 + nth),
    );
    expect(looks).toBeLessThan(10 + 64 + 5);
  }
  database.close();
  await store.close();
});
