import type { Json } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { instanceOn, newContext, sharedTestLog } from '../../testing/instances.ts';
import { interruptedBefore } from '../../testing/interrupted-store.ts';
import { alias, externalId, knownUsers } from '../../testing/known-users.ts';
import type { Ingestion } from '../ingestion.ts';

const log = sharedTestLog();

const label = (of: string, n: string) => ({ alias_label: 'l', alias_name: `${of}-${n}` });

/** A user with the external id x, and two who have nothing but an alias under the same label and an attribute of its name. */
const setUp = async (n: string): Promise<void> => {
  const anonymous = ['a', 'b'].map((of) => ({
    user_alias: label(of, n),
    [of]: true,
    _update_existing_only: false,
  }));
  const attributes = [{ external_id: `x-${n}` }, ...anonymous];
  await instanceOn(log.store).track({ attributes } as unknown as Json, newContext());
};

const identify = ({ identity }: Ingestion, of: string, as: string, n: string) =>
  identity.identify(
    { aliases_to_identify: [{ external_id: `${as}-${n}`, user_alias: label(of, n) }] },
    newContext(),
  );

/** Runs one identification with another one at each place where the first could be held up. */
const atEveryPlace = async (
  first: (ingestion: Ingestion, n: string) => Promise<unknown>,
  second: (ingestion: Ingestion, n: string) => Promise<unknown>,
  expected: (n: string) => Promise<void>,
): Promise<void> => {
  for (let place = 0; ; place++) {
    const n = `${expect.getState().currentTestName}-${place}`;
    await setUp(n);
    const held = interruptedBefore(log.store, place, () => second(instanceOn(log.store), n));
    const answer = await first(instanceOn(held.store), n);
    if (!held.wasInterrupted()) {
      expect(place).toBeGreaterThan(3);
      return;
    }
    expect(answer).toMatchObject({ reply: { aliases_processed: 1, message: 'success' } });
    await expected(n);
  }
};

describe('identifications that race', () => {
  it('for one user: the first one is merged, and the other keeps its alias of the same label', async () =>
    atEveryPlace(
      (ingestion, n) => identify(ingestion, 'a', 'x', n),
      (ingestion, n) => identify(ingestion, 'b', 'x', n),
      async (n) => {
        const users = knownUsers(log);
        const kept = await users.by(externalId(`x-${n}`));
        expect(kept?.user_aliases).toHaveLength(1);
        const [winner, loser] = kept!.user_aliases[0]!.alias_name.startsWith('a') ? ['a', 'b'] : ['b', 'a'];
        expect(kept?.custom_attributes).toEqual({ [winner!]: true });
        expect(await users.by(alias('l', `${loser}-${n}`))).toMatchObject({
          external_ids: [],
          user_aliases: [label(loser!, n)],
          custom_attributes: { [loser!]: true },
        });
      },
    ));

  it('of one user: who has an external id by then is not merged into another', async () => {
    const users = knownUsers(log);
    const identified = new Map<string, boolean>();
    await atEveryPlace(
      (ingestion, n) => identify(ingestion, 'a', 'x', n),
      async (ingestion, n) => {
        await identify(ingestion, 'a', 'new', n);
        identified.set(n, (await users.by(externalId(`new-${n}`))) !== undefined);
      },
      async (n) => {
        const by = identified.get(n) ? 'new' : 'x';
        const user = await users.by(alias('l', `a-${n}`));
        expect(user).toMatchObject({ external_ids: [`${by}-${n}`], custom_attributes: { a: true } });
        expect(await users.by(externalId(`${by}-${n}`))).toEqual(user);
      },
    );
    expect(new Set(identified.values())).toEqual(new Set([true, false]));
  });
});
