import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AppendItem } from '@hearth/eventing';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteEventReader } from './event-reader.ts';
import { openSqliteEventStore } from './event-store.ts';
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

/** The first entries of a batch, and no more: nothing is committed any more that would be followed by another slice. */
const HALF_A_BATCH = { indexBatch: 300 };
const indexOf = (file: string): { indexed: number; entries: number; furthest: number } => {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database
    .prepare(
      'SELECT indexed, (SELECT count(*) FROM stream_events) AS entries, (SELECT max(position) FROM stream_events) AS furthest FROM store',
    )
    .get();
  database.close();
  return row as ReturnType<typeof indexOf>;
};

describe('in the middle of a batch', () => {
  /** A log in which some of a batch is in the index, with every stream's events in order. */
  const halfIndexed = async () => {
    const file = newFile();
    const store = await openSqliteEventStore({ file, pace: HALF_A_BATCH });
    let items: AppendItem[] = [];
    const append = async (revision: number): Promise<void> => {
      items = Array.from({ length: STREAMS }, (_, stream) => ({
        stream: nameOf(stream),
        events: [someEvent({ revision })],
        expectedRevision: revision === 0 ? ('no_stream' as const) : revision - 1,
      }));
      const outcomes = await store.appendMany(items);
      expect(outcomes.filter((outcome) => outcome instanceof Error)).toEqual([]);
    };
    let revision = 0;
    for (; revision * STREAMS < HALF_A_BATCH.indexBatch; revision++) await append(revision);
    // The thread answers in order: the slice that follows the last append is written by now.
    await store.eraseBefore('nobody', 1);
    const { indexed, entries, furthest } = indexOf(file);
    expect(indexed).toBe(0);
    expect(entries).toBeGreaterThan(0);
    expect(entries).toBeLessThan(revision * STREAMS);
    expect(furthest).toBeGreaterThan(indexed);
    return { file, store, append, repeat: () => store.appendMany(items), last: revision - 1 };
  };
  const expectAll = async (
    log: Pick<Awaited<ReturnType<typeof openSqliteEventStore>>, 'readStream'>,
    last: number,
  ): Promise<void> => {
    const all = Array.from({ length: last + 1 }, (_, revision) => ({ revision, data: { revision } }));
    for (let stream = 0; stream < STREAMS; stream++)
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
    expect(indexOf(file)).toEqual({
      indexed: (last + 2) * STREAMS,
      entries: (last + 2) * STREAMS,
      furthest: (last + 2) * STREAMS,
    });
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
    const crashed = newFile();
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, crashed + suffix);
    await store.close();

    const again = await openSqliteEventStore({ file: crashed, pace: HALF_A_BATCH });
    await expectAll(again, last);
    for (let stream = 0; stream < STREAMS; stream++) {
      const events = [someEvent({ revision: last + 1 })];
      await again.append(nameOf(stream), events, { expectedRevision: last });
      await again.append(nameOf(stream), events, { expectedRevision: last }); // a repeat
    }
    await expectAll(again, last + 1);
    await again.close();
    expect(indexOf(crashed)).toMatchObject({ entries: (last + 2) * STREAMS });
  });

  it('an index that leads elsewhere is found out', async () => {
    const { file, store } = await halfIndexed();
    const contradicting = newFile();
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, contradicting + suffix);
    await store.close();
    const database = new DatabaseSync(contradicting);
    database.exec('UPDATE stream_events SET position = position + 1 WHERE revision = 0');
    database.close();

    const again = await openSqliteEventStore({ file: contradicting });
    for (let attempt = 1; attempt <= 3; attempt++)
      await expect(again.append(nameOf(0), [someEvent()], { expectedRevision: 'any' })).rejects.toMatchObject(
        {
          code: 'store_damaged',
        },
      );
    await again.close();
  });
});

it('is made for a log of the first version', async () => {
  const file = newFile();
  const store = await openSqliteEventStore({ file });
  for (let revision = -1; revision < 4; revision++)
    await store.append('user_00-a', [someEvent({ revision })], {
      expectedRevision: revision === -1 ? 'no_stream' : revision,
    });
  await store.close();
  const database = new DatabaseSync(file);
  database.exec(`
    DROP TABLE stream_events;
    ALTER TABLE store DROP COLUMN indexed;
    CREATE UNIQUE INDEX events_of_stream ON events (stream, revision);
    PRAGMA user_version = 1;
  `);
  database.close();

  await expect(openSqliteEventReader({ file })).rejects.toMatchObject({ code: 'unavailable' });
  const upgraded = await openSqliteEventStore({ file });
  const { events } = await upgraded.readStream('user_00-a');
  expect(events.map(({ data }) => data)).toEqual([-1, 0, 1, 2, 3].map((revision) => ({ revision })));
  await upgraded.append('user_00-a', [someEvent()], { expectedRevision: 4 });
  await (await openSqliteEventReader({ file })).close();
  await upgraded.close();
});
