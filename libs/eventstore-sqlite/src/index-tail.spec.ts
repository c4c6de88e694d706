import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { indexTail } from './index-tail.ts';
import { openStore, temporaryFile } from './testing/fixture.ts';
import { someEvent } from './testing/one-event.ts';

it('a reader that was not asked for long reads what is not in the index, and not what has gone over meanwhile', async () => {
  const file = await temporaryFile();
  const store = await openStore({ file, pace: { indexBatch: 50 } });
  const append = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++)
      await store.append(`s-${n % 7}`, [someEvent({ n })], { expectedRevision: 'any' });
  };
  const db = new DatabaseSync(file, { readOnly: true });
  onTestFinished(() => db.close());
  let most = 0;
  const counting = {
    prepare: (sql: string) => {
      const statement = db.prepare(sql);
      const all = statement.all.bind(statement) as (...values: unknown[]) => unknown[];
      statement.all = ((...values: unknown[]) => {
        const rows = all(...values);
        most = Math.max(most, rows.length);
        return rows;
      }) as typeof statement.all;
      return statement;
    },
  } as unknown as DatabaseSync;
  const tail = indexTail(counting);
  const indexed = (): number => Number(db.prepare('SELECT indexed FROM store').get()!['indexed']);

  await append(3);
  tail.refresh();
  await append(500);
  const rest = 503 - indexed();
  expect(rest).toBeLessThan(200);
  tail.refresh();
  expect(most).toBeLessThanOrEqual(Math.max(3, rest));
  const places = [0, 1, 2, 3, 4, 5, 6].flatMap((n) => {
    const { id } = db.prepare('SELECT id FROM streams WHERE name = ?').get(`s-${n}`) as { id: number };
    return tail.of(id).map(([, position]) => position);
  });
  expect(places.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: rest }, (_, at) => 503 - rest + 1 + at),
  );
});
