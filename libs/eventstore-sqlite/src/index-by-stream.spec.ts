import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
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
  let store = await openSqliteEventStore({ file });
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
      store = await openSqliteEventStore({ file });
    }
  }
  expect(lengths.reduce((sum, length) => sum + length)).toBeGreaterThan(2 * 2_048);
  await reader.close();
  await store.close();
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
