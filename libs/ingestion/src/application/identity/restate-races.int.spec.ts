import type { Json, Operation } from '@hearth/contracts';
import { expect, it } from 'vitest';

import { instanceOn, newContext, sharedTestLog } from '../../testing/instances.ts';
import { interruptedBefore } from '../../testing/interrupted-store.ts';
import { killedAfter } from '../../testing/killed-store.ts';
import { externalId, knownUsers } from '../../testing/known-users.ts';
import type { Ingestion } from '../ingestion.ts';

const log = sharedTestLog();

const merge = (ingestion: Ingestion, from: string, into: string) => {
  const update = { identifier_to_merge: { external_id: from }, identifier_to_keep: { external_id: into } };
  return ingestion.identity.merge({ merge_updates: [update] } as unknown as Json, newContext());
};
const unmerge = ({ identity }: Ingestion, id: string) => identity.unmerge({ external_id: id }, newContext());

/** Users a, b and c with a word each; b took a over once and gave it back. */
const setUp = async (n: string): Promise<Ingestion> => {
  const ingestion = instanceOn(log.store);
  const attributes = ['a', 'b', 'c'].map((id) => ({ external_id: `${id}-${n}`, [id]: `word-${id}-${n}` }));
  await ingestion.track({ attributes } as unknown as Json, newContext());
  await merge(ingestion, `a-${n}`, `b-${n}`);
  await unmerge(ingestion, `a-${n}`);
  return ingestion;
};
const attributesOf = async (id: string) => (await knownUsers(log).by(externalId(id)))?.custom_attributes;

/** The operation that began as the last one of its kind. */
const lastMerge = async (): Promise<string> => {
  const { events } = await log.store.readAll({ limit: 1_000_000 });
  const isMerge = (data: unknown): boolean => (data as Operation).kind === 'merge';
  return events.findLast(({ type, data }) => type === 'OperationStarted' && isMerge(data))!.stream;
};

/** What is done to b while a is deleted. */
const meanwhile = {
  merge: async (ingestion: Ingestion, n: string) => void (await merge(ingestion, `b-${n}`, `c-${n}`)),
  unmerge: async (ingestion: Ingestion, n: string) => void (await unmerge(ingestion, `b-${n}`)),
};

it('a merge whose process died in the middle is finished before its user is restated', async () => {
  for (let writes = 0; ; writes++) {
    const n = `died-${writes}`;
    const ingestion = await setUp(n);
    const killed = killedAfter(log.store, writes, { answerLost: false });
    await merge(instanceOn(killed.store), `b-${n}`, `c-${n}`).catch(() => undefined);
    if (!killed.isDead()) {
      expect(writes).toBeGreaterThan(3);
      return;
    }
    const operation = await lastMerge();
    await ingestion.identity.deleteUsers({ external_ids: [`a-${n}`] }, newContext());
    await ingestion.identity.operations.resume(operation);

    const [b, c] = [{ b: `word-b-${n}` }, { c: `word-c-${n}` }];
    const after = [await attributesOf(`b-${n}`), await attributesOf(`c-${n}`)];
    expect(after, `after ${writes} writes`).toEqual(writes === 0 ? [b, c] : [undefined, { ...b, ...c }]);
  }
});

it.each(['merge', 'unmerge'] as const)(
  'a %s that is at work on somebody who held the deleted person comes to its end',
  async (what) => {
    for (let place = 0; ; place++) {
      const n = `${what}-${place}`;
      const ingestion = await setUp(n);
      if (what === 'unmerge') await merge(ingestion, `b-${n}`, `c-${n}`);
      const held = interruptedBefore(log.store, place, () =>
        instanceOn(log.store).identity.deleteUsers({ external_ids: [`a-${n}`] }, newContext()),
      );

      await meanwhile[what](instanceOn(held.store), n);

      if (!held.wasInterrupted()) {
        expect(place).toBeGreaterThan(3);
        return;
      }
      const [b, c] = [{ b: `word-b-${n}` }, { c: `word-c-${n}` }];
      const merged = { b: undefined, c: { ...b, ...c } };
      const after = { b: await attributesOf(`b-${n}`), c: await attributesOf(`c-${n}`) };
      expect(after, `place ${place}`).toEqual(what === 'merge' ? merged : { b, c });
      if (what === 'merge') await unmerge(ingestion, `b-${n}`);
      expect([await attributesOf(`b-${n}`), await attributesOf(`c-${n}`)]).toEqual([b, c]);
      const text = JSON.stringify((await log.store.readAll({ limit: 1_000_000 })).events);
      expect(text.includes(`word-a-${n}`), `place ${place}`).toBe(false);
    }
  },
);

it('two deletions do not wait for each other, though each restates somebody whom the other one erases', async () => {
  const ingestion = instanceOn(log.store);
  const people = ['a', 'x1', 'x2', 'b', 'y1', 'y2'];
  const attributes = people.map((id) => ({ external_id: `${id}-both`, word: `word-both-${id}` }));
  await ingestion.track({ attributes } as unknown as Json, newContext());
  for (const [from, into] of [
    ['x1', 'y2'],
    ['y1', 'x2'],
  ]) {
    await merge(ingestion, `${from}-both`, `${into}-both`);
    await unmerge(ingestion, `${from}-both`);
  }
  for (const [from, into] of [
    ['x1', 'a'],
    ['x2', 'a'],
    ['y1', 'b'],
    ['y2', 'b'],
  ])
    await merge(ingestion, `${from}-both`, `${into}-both`);

  await Promise.all(
    ['a', 'b'].map((id) =>
      ingestion.identity.deleteUsers({ external_ids: [`${id}-both`] }, newContext(5_000)),
    ),
  );

  const text = JSON.stringify((await log.store.readAll({ limit: 1_000_000 })).events);
  expect(people.filter((id) => text.includes(`word-both-${id}`))).toEqual([]);
});
