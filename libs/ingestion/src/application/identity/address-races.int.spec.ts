import type { Json } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { instanceOn, newContext, sharedTestLog } from '../../testing/instances.ts';
import { interruptedBefore } from '../../testing/interrupted-store.ts';
import { externalId, knownUsers } from '../../testing/known-users.ts';
import type { Ingestion } from '../ingestion.ts';

const log = sharedTestLog();

const emailOf = (n: string) => `user-${n}@example.com`;
const byEmail = (n: string) => ({ email: emailOf(n), prioritization: ['most_recently_updated'] });
const write = (attributes: readonly object[]) =>
  instanceOn(log.store).track({ attributes } as unknown as Json, newContext());

const calls: Record<string, (ingestion: Ingestion, n: string) => Promise<unknown>> = {
  'a deletion': ({ identity }, n) => identity.deleteUsers({ email_addresses: [byEmail(n)] }, newContext()),
  'a merge': ({ identity }, n) => {
    const update = { identifier_to_merge: byEmail(n), identifier_to_keep: { external_id: `kept-${n}` } };
    return identity.merge({ merge_updates: [update] }, newContext());
  },
  'a merge into that user': ({ identity }, n) => {
    const update = { identifier_to_merge: { external_id: `kept-${n}` }, identifier_to_keep: byEmail(n) };
    return identity.merge({ merge_updates: [update] }, newContext());
  },
};

describe.each(Object.entries(calls))('%s by an email', (name, call) => {
  it('passes over a user who got another email before it came to that', async () => {
    const n = name.replaceAll(' ', '-');
    await write([{ external_id: `user-${n}`, email: emailOf(n) }, { external_id: `kept-${n}` }]);
    const users = knownUsers(log);
    const renamed = { external_id: `user-${n}`, email: `other-${n}@example.com` };
    const held = interruptedBefore(log.store, 1, () => write([renamed]));

    await call(instanceOn(held.store), n);

    expect(held.wasInterrupted()).toBe(true);
    const user = await users.by(externalId(`user-${n}`));
    const kept = await users.by(externalId(`kept-${n}`));
    expect(user?.fields).toEqual({ email: renamed.email });
    expect(kept?.fields).toEqual({});
  });
});

it('a deletion by an email finds the survivor where its user is merged before it comes to that', async () => {
  const n = 'merged';
  await write([{ external_id: `user-${n}`, email: emailOf(n) }, { external_id: `kept-${n}` }]);
  const update = {
    identifier_to_merge: { external_id: `user-${n}` },
    identifier_to_keep: { external_id: `kept-${n}` },
  };
  const held = interruptedBefore(log.store, 1, () =>
    instanceOn(log.store).identity.merge({ merge_updates: [update] }, newContext()),
  );

  await calls['a deletion']!(instanceOn(held.store), n);

  expect(held.wasInterrupted()).toBe(true);
  expect(await knownUsers(log).by(externalId(`kept-${n}`))).toBeUndefined();
});

describe('an email whose user is being merged', () => {
  const mergeThem = ({ identity }: Ingestion, n: string) => {
    const update = {
      identifier_to_merge: { external_id: `user-${n}` },
      identifier_to_keep: { external_id: `kept-${n}` },
    };
    return identity.merge({ merge_updates: [update] }, newContext());
  };
  const unmergeThem = ({ identity }: Ingestion, n: string) =>
    identity.unmerge({ external_id: `kept-${n}` }, newContext());

  /** Holds an act up at each place, until something was asked for by the email. */
  const atEveryPlace = async (
    name: string,
    act: (ingestion: Ingestion, n: string) => Promise<unknown>,
    asked: (n: string) => Promise<unknown>,
    expected: (n: string, place: number) => Promise<void>,
  ): Promise<void> => {
    for (let place = 0; ; place++) {
      const n = `${name}-${place}`;
      await write([{ external_id: `user-${n}`, email: emailOf(n) }, { external_id: `kept-${n}` }]);
      if (act === unmergeThem) await mergeThem(instanceOn(log.store), n);
      const held = interruptedBefore(log.store, place, () => asked(n));
      await act(instanceOn(held.store), n);
      if (!held.wasInterrupted()) {
        expect(place).toBeGreaterThan(3);
        return;
      }
      await expected(n, place);
    }
  };

  const shown = async (id: string) => {
    const user = await knownUsers(log).by(externalId(id));
    return user && { email: user.fields.email, events: Object.keys(user.custom_events) };
  };
  const writeTo = (n: string) => {
    const event = { email: emailOf(n), name: 'by email', time: '2026-01-01T00:00:00Z' };
    return instanceOn(log.store).track({ events: [event] } as unknown as Json, newContext());
  };
  const deleteIt = (n: string) => calls['a deletion']!(instanceOn(log.store), n);

  it('is found by a deletion wherever the merge stands', async () =>
    atEveryPlace('merged-deleted', mergeThem, deleteIt, async (n, place) => {
      const left = [await shown(`user-${n}`), await shown(`kept-${n}`)].filter((user) => user?.email);
      expect(left, `place ${place}`).toEqual([]);
    }));

  it('is found by a write wherever the merge stands', async () =>
    atEveryPlace('merged-written', mergeThem, writeTo, async (n, place) =>
      expect(await shown(`kept-${n}`), `place ${place}`).toEqual({
        email: emailOf(n),
        events: ['by email'],
      }),
    ));

  it('is found by a deletion wherever the merge is being taken back', async () =>
    atEveryPlace('unmerged-deleted', unmergeThem, deleteIt, async (n, place) => {
      const left = [await shown(`user-${n}`), await shown(`kept-${n}`)].filter((user) => user?.email);
      expect(left, `place ${place}`).toEqual([]);
    }));

  it('is found by a write wherever the merge is being taken back', async () =>
    atEveryPlace('unmerged-written', unmergeThem, writeTo, async (n, place) => {
      const users = [await shown(`user-${n}`), await shown(`kept-${n}`)];
      expect(
        users.flatMap((user) => user?.events ?? []),
        `place ${place}`,
      ).toEqual(['by email']);
    }));
});
