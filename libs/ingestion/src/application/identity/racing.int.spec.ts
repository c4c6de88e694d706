import type { ClaimableIdentifier, Json } from '@hearth/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { instanceOn, newContext, sharedTestLog } from '../../testing/instances.ts';
import { alias, externalId, knownUsers } from '../../testing/known-users.ts';
import type { Ingestion } from '../ingestion.ts';
import { readHistory } from './histories.ts';

const log = sharedTestLog();

const NAMES = ['a', 'b', 'c'] as const;
const name = fc.constantFrom(...NAMES);

/** One call about a few users who go by external ids and by aliases under one label. */
type Act = (ingestion: Ingestion, run: number) => Promise<unknown>;

const label = (run: number, of: string) => ({ alias_label: 'l', alias_name: `${of}${run}` });
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(name, fc.boolean()).map(
    ([of, byAlias]): Act =>
      (ingestion, run) =>
        ingestion.track(
          {
            events: [
              {
                ...(byAlias ? { user_alias: label(run, of) } : { external_id: `${of}${run}` }),
                name: `event ${run}`,
                time: '2026-01-01T00:00:00Z',
                _update_existing_only: false,
              },
            ],
          } as unknown as Json,
          newContext(),
        ),
  ),
  fc.tuple(name, name).map(
    ([id, of]): Act =>
      ({ identity }, run) =>
        identity.newAliases(
          { user_aliases: [{ external_id: `${id}${run}`, ...label(run, of) }] },
          newContext(),
        ),
  ),
  fc.tuple(name, name).map(
    ([from, to]): Act =>
      ({ identity }, run) =>
        identity.updateAliases(
          {
            alias_updates: [
              { alias_label: 'l', old_alias_name: `${from}${run}`, new_alias_name: `${to}${run}` },
            ],
          },
          newContext(),
        ),
  ),
  fc.tuple(name, name).map(
    ([id, of]): Act =>
      ({ identity }, run) =>
        identity.identify(
          { aliases_to_identify: [{ external_id: `${id}${run}`, user_alias: label(run, of) }] },
          newContext(),
        ),
  ),
  fc.tuple(name, name).map(
    ([from, to]): Act =>
      ({ identity }, run) =>
        identity.renameExternalIds(
          {
            external_id_renames: [{ current_external_id: `${from}${run}`, new_external_id: `${to}${run}` }],
          },
          newContext(),
        ),
  ),
  name.map(
    (id): Act =>
      ({ identity }, run) =>
        identity.removeExternalIds({ external_ids: [`${id}${run}`] }, newContext()),
  ),
  fc.tuple(name, name).map(
    ([from, to]): Act =>
      ({ identity }, run) =>
        identity.merge(
          {
            merge_updates: [
              {
                identifier_to_merge: { external_id: `${from}${run}` },
                identifier_to_keep: { external_id: `${to}${run}` },
              },
            ],
          },
          newContext(),
        ),
  ),
  name.map(
    (id): Act =>
      ({ identity }, run) =>
        identity.unmerge({ external_id: `${id}${run}` }, newContext()),
  ),
);

/** An event for whoever goes by an identifier, and for nobody else. */
const eventFor = (identifier: ClaimableIdentifier, event: string): Json =>
  ({
    events: [
      {
        [identifier.kind]: identifier.value,
        name: event,
        time: '2026-01-01T00:00:00Z',
        _update_existing_only: true,
      },
    ],
  }) as unknown as Json;

/** Everybody whose stream there is, with what it adds up to. */
const everybody = async () => {
  const { events } = await log.store.readAll({ limit: 1_000_000, filter: { streamPrefixes: ['user_'] } });
  const ids = new Set(events.map(({ stream }) => stream.slice('user_00-'.length)));
  return Promise.all([...ids].map((brazeId) => readHistory(log.store, brazeId)));
};

it('instances that race over identifiers agree on who is who, and count every event once', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ act: acts, at: fc.nat(1), turns: fc.nat(6) }), { minLength: 2, maxLength: 14 }),
      async (calls) => {
        run++;
        const thisRun = run;
        const instances = [instanceOn(log.store), instanceOn(log.store)];
        let sent = 0;
        const answers = await Promise.all(
          calls.map(async ({ act, at, turns }) => {
            for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
            return act(instances[at]!, thisRun);
          }),
        );
        for (const answer of answers)
          sent += (answer as { reply?: { events_processed?: number } }).reply?.events_processed ?? 0;

        const users = (await everybody()).flatMap(({ profile }) =>
          profile.status === 'active' ? [profile] : [],
        );
        const counted = users.reduce(
          (sum, { custom_events }) => sum + (custom_events[`event ${thisRun}`]?.count ?? 0),
          0,
        );
        expect(counted).toBe(sent);

        const known = knownUsers(log);
        const counts = new Map<string, number>();
        for (const of of NAMES)
          for (const identifier of [externalId(`${of}${thisRun}`), alias('l', `${of}${thisRun}`)]) {
            const carriers = users.filter(({ external_ids, user_aliases }) =>
              identifier.kind === 'external_id'
                ? external_ids.includes(identifier.value)
                : user_aliases.some(({ alias_name }) => alias_name === `${of}${thisRun}`),
            );
            const named = await known.by(identifier);
            // What an instance remembers from before must not lead it astray.
            for (const later of instances)
              await later.track(eventFor(identifier, `later ${thisRun}`), newContext());
            const now = named && (await known.by(identifier));
            expect(now?.custom_events[`later ${thisRun}`]?.count ?? 0).toBe(
              named ? instances.length + (counts.get(named.braze_id) ?? 0) : 0,
            );
            if (named) counts.set(named.braze_id, instances.length + (counts.get(named.braze_id) ?? 0));
            expect(carriers.map(({ braze_id }) => braze_id)).toEqual(named ? [named.braze_id] : []);
          }
        for (const { user_aliases } of users)
          expect(new Set(user_aliases.map(({ alias_label }) => alias_label)).size).toBe(user_aliases.length);
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);
