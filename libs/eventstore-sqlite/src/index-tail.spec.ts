import { DatabaseSync } from 'node:sqlite';
import { parsePosition } from '@hearth/eventing';
import { expect, it, onTestFinished } from 'vitest';
import { indexTail } from './index-tail.ts';
import { countingDatabase } from './testing/counting-database.ts';
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
  const counting = countingDatabase(db, (_, rows) => (most = Math.max(most, rows)));
  const tail = indexTail(counting);
  const indexed = (): number => Number(db.prepare('SELECT indexed FROM store').get()!['indexed']);

  await append(3);
  tail.refresh();
  await append(500);
  // The thread answers in order: what follows the last append is in the index by now.
  await store.eraseBefore('nobody', 1);
  const rest = 503 - indexed();
  expect(rest).toBeLessThan(200);
  tail.refresh();
  expect(most).toBeLessThanOrEqual(Math.max(3, rest));
  for (let n = 0; n < 7; n++) {
    const name = `s-${n}`;
    const { id } = db.prepare('SELECT id FROM streams WHERE name = ?').get(name) as { id: number };
    const { events } = await store.readStream(name, { direction: 'backwards', limit: 1 });
    const { revision, position } = events[0]!;
    const offset = Number(parsePosition(position).offset);
    expect(tail.newestOf(id)).toEqual(offset > indexed() ? [revision, offset] : undefined);
  }
});
