import { OPERATION_STREAMS, type Json, type Operation } from '@hearth/contracts';
import { describe, expect, it } from 'vitest';

import { instanceOn, newContext, sharedTestLog } from '../../testing/instances.ts';
import { interruptedBefore } from '../../testing/interrupted-store.ts';
import { alias, externalId, knownUsers } from '../../testing/known-users.ts';
import type { Ingestion } from '../ingestion.ts';

const log = sharedTestLog();

type Act = (ingestion: Ingestion, n: string) => Promise<unknown>;

const label = (of: string, n: string, alias_label = 'l') => ({ alias_label, alias_name: `${of}-${n}` });
const byAlias = (of: string, n: string) => ({ user_alias: label(of, n) });
const byId = (of: string, n: string) => ({ external_id: `${of}-${n}` });

const write = (ingestion: Ingestion, user: object, name: string) => {
  const event = { ...user, name, time: '2026-01-01T00:00:00Z', _update_existing_only: false };
  return ingestion.track({ events: [event] } as unknown as Json, newContext());
};
const remove = (ingestion: Ingestion, names: Record<string, Json>) =>
  ingestion.identity.deleteUsers(names, newContext());
const merge = (ingestion: Ingestion, from: object, into: object) => {
  const update = { identifier_to_merge: from, identifier_to_keep: into };
  return ingestion.identity.merge({ merge_updates: [update] } as unknown as Json, newContext());
};
const identify = (ingestion: Ingestion, of: string, as: string, n: string) =>
  ingestion.identity.identify({ aliases_to_identify: [{ ...byId(as, n), ...byAlias(of, n) }] }, newContext());

const renameAlias = ({ identity }: Ingestion, from: string, to: string, n: string) => {
  const update = { alias_label: 'l', old_alias_name: `${from}-${n}`, new_alias_name: `${to}-${n}` };
  return identity.updateAliases({ alias_updates: [update] }, newContext());
};
const renameId = ({ identity }: Ingestion, from: string, to: string, n: string) => {
  const rename = { current_external_id: `${from}-${n}`, new_external_id: `${to}-${n}` };
  return identity.renameExternalIds({ external_id_renames: [rename] }, newContext());
};

/** Somebody who is known by one name, and somebody else with the external id `other`, of whom calls know as well. */
const setUp = async (user: object, n: string): Promise<void> => {
  const ingestion = instanceOn(log.store);
  await write(ingestion, user, 'made');
  await write(ingestion, byId('other', n), 'other');
};

/** Calls about whoever has the alias `old`. */
const byOldAlias: Record<string, Act> = {
  'an identification': (ingestion, n) => identify(ingestion, 'old', 'added', n),
  'an identification as somebody who is there': (ingestion, n) => identify(ingestion, 'old', 'other', n),
  'a merge': (ingestion, n) => merge(ingestion, byAlias('old', n), byId('other', n)),
  'a merge into that user': (ingestion, n) => merge(ingestion, byId('other', n), byAlias('old', n)),
  'a deletion': (ingestion, n) => remove(ingestion, { user_aliases: [label('old', n)] }),
};

/** Calls about whoever has the external id `old`. */
const byOldId: Record<string, Act> = {
  'a merge': (ingestion, n) => merge(ingestion, byId('old', n), byId('other', n)),
  'a merge into that user': (ingestion, n) => merge(ingestion, byId('other', n), byId('old', n)),
  'a deletion': (ingestion, n) => remove(ingestion, { external_ids: [`old-${n}`] }),
  'an identification as that user': async (ingestion, n) => {
    await write(instanceOn(log.store), byAlias('nobody', n), 'anonymous');
    await identify(ingestion, 'nobody', 'old', n);
  },
  'an alias': ({ identity }, n) => {
    const added = { ...byId('old', n), ...label('added', n) };
    return identity.newAliases({ user_aliases: [added] }, newContext());
  },
};

const many = <Item>(count: number, item: (key: string) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(`k${index}`));

const slug = (text: string): string => text.replaceAll(' ', '-');

/** The operation that gives somebody an alias. */
const operationAdding = async (aliasName: string): Promise<string> => {
  const { events } = await log.store.readAll({
    filter: { streamPrefixes: [OPERATION_STREAMS] },
    limit: 100_000,
  });
  const adds = (operation: Operation): boolean =>
    operation.kind === 'change_identifiers' &&
    operation.add.some(({ kind, value }) => kind === 'user_alias' && value.alias_name === aliasName);
  return events.findLast(
    ({ type, data }) => type === 'OperationStarted' && adds(data as unknown as Operation),
  )!.stream;
};

/** What there is to tell users apart by. */
const shown = async (identifier: Parameters<ReturnType<typeof knownUsers>['by']>[0]) => {
  const user = await knownUsers(log).by(identifier);
  return (
    user && {
      ids: user.external_ids,
      aliases: user.user_aliases.map(({ alias_name }) => alias_name),
      events: Object.keys(user.custom_events).toSorted(),
    }
  );
};

describe.each(Object.entries(byOldAlias))('%s by an alias', (name, call) => {
  it('passes over a user whose alias was renamed before it came to that', async () => {
    const n = `renamed-${slug(name)}`;
    await setUp(byAlias('old', n), n);
    const held = interruptedBefore(log.store, 1, async () => {
      const other = instanceOn(log.store);
      await renameAlias(other, 'old', 'new', n);
      await write(other, byAlias('new', n), 'after');
    });

    await call(instanceOn(held.store), n);

    expect(held.wasInterrupted()).toBe(true);
    expect(await shown(alias('l', `new-${n}`))).toEqual({
      ids: [],
      aliases: [`new-${n}`],
      events: ['after', 'made'],
    });
    expect(await shown(externalId(`other-${n}`))).toEqual({
      ids: [`other-${n}`],
      aliases: [],
      events: ['other'],
    });
    expect(await shown(externalId(`added-${n}`))).toBeUndefined();
  });

  it('is about whoever has the alias by the time it comes to that', async () => {
    const n = `given-${slug(name)}`;
    await setUp(byAlias('old', n), n);
    const held = interruptedBefore(log.store, 1, async () => {
      const other = instanceOn(log.store);
      await renameAlias(other, 'old', 'new', n);
      await write(other, byAlias('old', n), 'of another');
    });

    await call(instanceOn(held.store), n);

    expect(await shown(alias('l', `new-${n}`))).toMatchObject({ ids: [], events: ['made'] });
    const found = await shown(alias('l', `old-${n}`));
    if (name === 'a deletion') expect(found).toBeUndefined();
    else if (name === 'an identification') expect(found).toMatchObject({ ids: [`added-${n}`] });
    else expect(found).toMatchObject({ events: ['of another', 'other'] });
  });

  it('leaves a user who is being renamed, and was written to by its new alias', async () => {
    for (let place = 0; ; place++) {
      const n = `held-${slug(name)}-${place}`;
      await setUp(byAlias('old', n), n);
      const held = interruptedBefore(log.store, place, async () => {
        const other = instanceOn(log.store);
        await write(other, byAlias('new', n), 'after');
        await call(other, n);
      });
      await renameAlias(instanceOn(held.store), 'old', 'new', n);
      if (!held.wasInterrupted()) {
        expect(place).toBeGreaterThan(3);
        return;
      }
      // Where the rename had not begun, the write made somebody of that alias, and the call was about the other one.
      const isOther = !(await shown(alias('l', `new-${n}`)))?.events.includes('made');
      expect(await shown(alias('l', `new-${n}`)), `place ${place}`).toEqual({
        ids: [],
        aliases: [`new-${n}`],
        events: isOther ? ['after'] : ['after', 'made'],
      });
      const other = await shown(externalId(`other-${n}`));
      if (!isOther) expect(other?.events).toEqual(['other']);
    }
  });
});

describe.each(Object.entries(byOldId))('%s by an external id', (name, call) => {
  it('passes over a user who lost the id before it came to that', async () => {
    const n = `removed-${slug(name)}`;
    await setUp(byId('old', n), n);
    const held = interruptedBefore(log.store, 1, async () => {
      const other = instanceOn(log.store);
      await renameId(other, 'old', 'new', n);
      await other.identity.removeExternalIds({ external_ids: [`old-${n}`] }, newContext());
      await write(other, byId('new', n), 'after');
    });

    await call(instanceOn(held.store), n);

    expect(held.wasInterrupted()).toBe(true);
    expect(await shown(externalId(`new-${n}`))).toEqual({
      ids: [`new-${n}`],
      aliases: [],
      events: ['after', 'made'],
    });
    expect((await shown(externalId(`other-${n}`)))?.events).toEqual(['other']);
  });
});

it('an alias that is being given up goes to nobody else as long as a merge may take it along', async () => {
  for (let place = 0; ; place++) {
    const n = `given-up-${place}`;
    await setUp(byId('user', n), n);
    const user_aliases = [{ ...byId('user', n), ...label('old', n) }];
    await instanceOn(log.store).identity.newAliases({ user_aliases }, newContext());
    const held = interruptedBefore(log.store, place, async () => {
      const other = instanceOn(log.store);
      await write(other, byAlias('old', n), 'after');
      await merge(other, byId('user', n), byId('other', n));
    });

    await renameAlias(instanceOn(held.store), 'old', 'new', n);
    if (!held.wasInterrupted()) {
      expect(place).toBeGreaterThan(3);
      return;
    }
    const kept = await shown(externalId(`other-${n}`));
    const [old, renamed] = await Promise.all([shown(alias('l', `old-${n}`)), shown(alias('l', `new-${n}`))]);
    expect(renamed, `place ${place}`).toEqual(kept);
    expect(kept?.aliases).toEqual([`new-${n}`]);
    // The write came before the rename, or made somebody who has the alias since.
    if (old) expect([old.events, kept?.events]).toEqual([['after'], ['made', 'other']]);
    else expect(kept?.events).toEqual(['after', 'made', 'other']);
  }
});

it('a rename that another process found impossible is not done by the one that began it', async () => {
  const n = 'two-runners';
  await setUp(byAlias('b', n), n);
  const helping = instanceOn(log.store);
  // Another rename of the alias is at work and comes to nothing, since its new name is taken by then.
  const other = interruptedBefore(log.store, 3, async () => {
    await write(helping, byAlias('d', n), 'd');
    await helping.identity.operations.resume(await operationAdding(`a-${n}`));
    await write(helping, byAlias('a', n), 'of somebody else');
  });
  // The alias a is reserved, b is about to be.
  const held = interruptedBefore(log.store, 3, () => renameAlias(instanceOn(other.store), 'b', 'd', n));

  await renameAlias(instanceOn(held.store), 'b', 'a', n);

  expect([held.wasInterrupted(), other.wasInterrupted()]).toEqual([true, true]);
  expect(await shown(alias('l', `a-${n}`))).toMatchObject({
    aliases: [`a-${n}`],
    events: ['of somebody else'],
  });
  expect(await shown(alias('l', `b-${n}`))).toMatchObject({ aliases: [`b-${n}`], events: ['made'] });
});

it('a deletion by a braze_id comes to nothing where another instance deleted the user', async () => {
  const n = 'twice';
  const remembering = instanceOn(log.store);
  await setUp(byId('user', n), n);
  await write(remembering, byId('user', n), 'again');
  const { braze_id } = (await knownUsers(log).by(externalId(`user-${n}`)))!;
  await write(remembering, { braze_id }, 'by braze_id');
  const braze_ids = { braze_ids: [braze_id] };
  await remove(instanceOn(log.store), braze_ids);
  const answer = await remembering.identity.deleteUsers(braze_ids, newContext(2_000));
  expect(answer).toMatchObject({ reply: { deleted: 1 } });
});

it('a request so large that it is stored in parts leaves no name behind that was given away in between', async () => {
  const n = 'in-parts';
  await setUp(byAlias('old', n), n);
  const held = interruptedBefore(log.store, 2, async () => {
    const other = instanceOn(log.store);
    await renameAlias(other, 'old', 'new', n);
    await write(other, byAlias('old', n), 'of the next one');
  });
  const ingestion = instanceOn(held.store);
  const properties = {
    text: 'x'.repeat(255),
    ...Object.fromEntries(many(150, (key) => [key, 'y'.repeat(250)])),
  };
  const events = many(40, () => ({
    ...byAlias('old', n),
    name: 'large',
    time: '2026-01-01T00:00:00Z',
    properties,
  }));
  await ingestion.track({ events } as unknown as Json, newContext());
  expect(held.wasInterrupted()).toBe(true);

  await write(ingestion, byAlias('old', n), 'after');

  expect((await shown(alias('l', `old-${n}`)))?.events).toEqual(['after', 'of the next one']);
  expect((await shown(alias('l', `new-${n}`)))?.events).toEqual(['large', 'made']);
});
