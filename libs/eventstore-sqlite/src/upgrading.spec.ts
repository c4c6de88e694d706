import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { expectRefusal } from '@hearth/eventing/testing';
import { openSqliteEventReader } from './event-reader.ts';
import type { SqliteEventStore } from './event-store.ts';
import { makeEarlier } from './testing/earlier-version.ts';
import { openStore, temporaryFile } from './testing/fixture.ts';
import { someEvent } from './testing/one-event.ts';

/** Some with milestones and some without, and one that is erased. */
const LENGTHS = [1, 2, 63, 64, 65, 200];
const ERASED = 'stream-200';

const append = async (store: SqliteEventStore, from: number, to: number): Promise<void> => {
  for (let revision = from; revision < to; revision += 1)
    await store.appendMany(
      LENGTHS.filter((length) => revision < length + from).map((length) => ({
        stream: `stream-${length}`,
        events: [someEvent({ revision })],
        expectedRevision: 'any' as const,
      })),
    );
};

it.each([1, 2, 3])(
  'a log of version %d is brought to the present one, and readers wait for that',
  async (version) => {
    const file = await temporaryFile();
    const before = await openStore({ file });
    await append(before, 0, 200);
    await before.eraseBefore(ERASED, 100);
    const { events: written } = await before.readAll({ limit: 1_000 });
    const slices = await Promise.all(LENGTHS.map((length) => before.readStream(`stream-${length}`)));
    await before.close();
    makeEarlier(file, version);

    await expectRefusal(openSqliteEventReader({ file }), 'unavailable');
    const store = await openStore({ file });
    expect((await store.readAll({ limit: 1_000 })).events).toEqual(written);
    const reader = await openSqliteEventReader({ file });
    for (const log of [store, reader])
      for (const [nth, length] of LENGTHS.entries())
        expect(await log.readStream(`stream-${length}`)).toEqual(slices[nth]);

    // Events of both kinds, side by side.
    const more = 130;
    for (let nth = 0; nth < more; nth += 1)
      await store.appendMany(
        LENGTHS.map((length) => ({
          stream: `stream-${length}`,
          events: [someEvent({ revision: length + nth })],
          expectedRevision: length + nth - 1,
        })),
      );
    const database = new DatabaseSync(file, { readOnly: true });
    const kinds = database
      .prepare('SELECT previous IS NULL AS isOld, count(*) AS events FROM events GROUP BY 1 ORDER BY 1')
      .all();
    database.close();
    expect(kinds).toEqual([
      { isOld: 0, events: more * LENGTHS.length },
      { isOld: 1, events: LENGTHS.reduce((sum, length) => sum + length) },
    ]);
    for (const log of [store, reader])
      for (const length of LENGTHS)
        for (let from = -1; from < length + more; from += 29) {
          const first = length === 200 ? 100 : 0;
          const expected = Array.from({ length: length + more }, (_, revision) => revision).slice(first);
          const forwards = await log.readStream(`stream-${length}`, { from, limit: 70 });
          expect(forwards.events.map(({ data }) => data)).toEqual(
            expected
              .filter((revision) => revision > from)
              .slice(0, 70)
              .map((revision) => ({ revision })),
          );
          const backwards = await log.readStream(`stream-${length}`, {
            from,
            limit: 70,
            direction: 'backwards',
          });
          expect(backwards.events.map(({ data }) => data)).toEqual(
            expected
              .filter((revision) => revision < from)
              .toReversed()
              .slice(0, 70)
              .map((revision) => ({ revision })),
          );
        }
    await store.eraseBefore('stream-65', 65 + more - 1);
    expect((await store.readStream('stream-65')).events).toHaveLength(1);
    await reader.close();
  },
);
