import type { Json } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { instanceOn, newContext, sharedTestLog } from '../../testing/instances.ts';
import { killedAfter } from '../../testing/killed-store.ts';
import { alias, externalId, knownUsers } from '../../testing/known-users.ts';
import type { Ingestion } from '../ingestion.ts';

const log = sharedTestLog();

const label = (of: string, n: string) => ({ alias_label: 'l', alias_name: `${of}-${n}` });

/** Users `from` and `into`, each with an alias under the same label: a merge drops that of `from`. */
const setUp = async (n: string): Promise<void> => {
  const ingestion = instanceOn(log.store);
  const attributes = ['from', 'into'].map((of) => ({ external_id: `${of}-${n}`, made_as: of }));
  await ingestion.track({ attributes }, newContext());
  const user_aliases = ['from', 'into'].map((of) => ({ external_id: `${of}-${n}`, ...label(of, n) }));
  await ingestion.identity.newAliases({ user_aliases }, newContext());
};

const merge = ({ identity }: Ingestion, n: string) => {
  const update = {
    identifier_to_merge: { external_id: `from-${n}` },
    identifier_to_keep: { external_id: `into-${n}` },
  };
  return identity.merge({ merge_updates: [update] }, newContext());
};

const write = (ingestion: Ingestion, n: string) => {
  const user = { user_alias: label('from', n), _update_existing_only: false };
  const event = { ...user, name: 'written by the alias', time: '2026-01-01T00:00:00Z' };
  return ingestion.track({ events: [event] } as unknown as Json, newContext());
};

/** Who was closed in favour of somebody, by the log alone. */
const isClosed = async (n: string): Promise<boolean> =>
  (await knownUsers(log).by(externalId(`from-${n}`))) === undefined;

describe('an alias that a merge drops', () => {
  it.each([false, true])(
    'does not name the survivor, wherever the merge was cut off (answer lost: %s)',
    async (answerLost) => {
      let cutWhileClosed = 0;
      for (let writes = answerLost ? 1 : 0; ; writes++) {
        const n = `${writes}-${answerLost}`;
        await setUp(n);
        const killed = killedAfter(log.store, writes, { answerLost });
        await merge(instanceOn(killed.store), n).catch(() => undefined);
        if (!killed.isDead()) break;
        const wasClosed = await isClosed(n);

        await expect(write(instanceOn(log.store), n)).resolves.toMatchObject({
          reply: { events_processed: 1 },
        });

        if (!wasClosed) continue;
        cutWhileClosed++;
        const users = knownUsers(log);
        const survivor = await users.by(externalId(`into-${n}`));
        expect(survivor?.custom_events, `after ${writes} writes`).toEqual({});
        expect(await users.by(alias('l', `into-${n}`))).toEqual(survivor);
        expect(await users.by(alias('l', `from-${n}`))).toMatchObject({
          external_ids: [],
          custom_attributes: {},
          custom_events: { 'written by the alias': { count: 1 } },
        });
      }
      expect(cutWhileClosed).toBeGreaterThan(2);
    },
  );

  it("is its first user's again where the survivor was deleted before it joined", async () => {
    const n = 'deleted';
    await setUp(n);
    const killed = killedAfter(log.store, 2, { answerLost: false });
    await expect(merge(instanceOn(killed.store), n)).rejects.toMatchObject({ code: 'answer_lost' });
    expect(await isClosed(n)).toBe(true);
    const ingestion = instanceOn(log.store);
    await ingestion.identity.deleteUsers({ external_ids: [`into-${n}`] }, newContext());

    await write(ingestion, n);

    const users = knownUsers(log);
    const returned = await users.by(externalId(`from-${n}`));
    expect(returned).toMatchObject({
      user_aliases: [label('from', n)],
      custom_events: { 'written by the alias': { count: 1 } },
    });
    expect(await users.by(alias('l', `from-${n}`))).toEqual(returned);
  });

  it('is waited for by the email of a user who is half merged, and the merge is finished first', async () => {
    const n = 'email';
    await setUp(n);
    const email = 'half.merged@example.com';
    const byEmail = (event: string) => {
      const entry = { email, name: event, time: '2026-01-01T00:00:00Z', _update_existing_only: false };
      return instanceOn(log.store).track({ events: [entry] } as unknown as Json, newContext());
    };
    await byEmail('before');
    const update = {
      identifier_to_merge: { email, prioritization: ['unidentified'] },
      identifier_to_keep: { external_id: `into-${n}` },
    };
    // The operation, two events that detain the email, and the one that closes its user.
    const killed = killedAfter(log.store, 4, { answerLost: false });
    const merging = instanceOn(killed.store).identity.merge({ merge_updates: [update] }, newContext());
    await expect(merging).rejects.toMatchObject({ code: 'answer_lost' });

    await byEmail('after');

    expect(await knownUsers(log).by(externalId(`into-${n}`))).toMatchObject({
      fields: { email },
      custom_events: { before: { count: 1 }, after: { count: 1 } },
    });
  });
});
