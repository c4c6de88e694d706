import { identifierKey, type ClaimableIdentifier } from '@hearth/contracts';
import type { EventStore, RecordedEvent } from '@hearth/eventing';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import {
  createIngestion,
  defaultTrackRules,
  identityKeys,
  keyedHashWith,
  type IdentityKeys,
  type Ingestion,
  type KeyedHash,
} from '@hearth/ingestion';
import { fold, type ActiveProfile } from '@hearth/profiles';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { arbitraryCall, isRefusal, requestOf, useCaseOf } from './testing/identity-calls.ts';
import { outcomeText, reachable, type Call, type Model } from './testing/identity-model.ts';
import { steppedStore } from './testing/stepped-store.ts';

const PATIENCE_MS = 60_000;
const unused = (): never => {
  throw new Error('external ids and aliases are looked up in the log');
};

const instance = (store: EventStore, keyedHash: KeyedHash): Ingestion =>
  createIngestion(
    {
      store,
      profiles: { read: unused, resolve: unused },
      owners: { ownerOf: unused, all: unused, stop: unused },
      keyedHash,
      clock: Date,
      newId: randomUUID,
      rideAlong: true,
      timeoutMs: PATIENCE_MS,
    },
    { current: defaultTrackRules },
  );

const call = async (ingestion: Ingestion, asked: Call): Promise<boolean> => {
  const { path, body } = requestOf(asked);
  const now = Date.now();
  const answer = await useCaseOf(ingestion, path)(body, {
    correlationId: 'test',
    receivedAt: now,
    deadline: now + PATIENCE_MS,
  });
  if (!('reply' in answer)) throw new Error(`${JSON.stringify(asked)}: ${answer.message}`);
  return isRefusal(answer.reply);
};

/** Everybody who is there, folded from the log. */
const activeProfiles = (log: readonly RecordedEvent[]): ActiveProfile[] => {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of log)
    if (event.stream.startsWith('user_'))
      streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  return [...streams.values()].flatMap((events) => {
    const profile = fold(
      events.map((event) => ({ ...event, received_at: event.metadata.received_at, schema: 1 })),
    );
    return profile.status === 'active' ? [profile] : [];
  });
};

const asModel = (profiles: readonly ActiveProfile[]): Model =>
  profiles.map(({ external_ids, user_aliases, custom_attributes, custom_events }) => ({
    external_ids,
    aliases: Object.fromEntries(user_aliases.map((alias) => [alias.alias_label, alias.alias_name])),
    ...(custom_attributes['counter'] !== undefined && { counter: custom_attributes['counter'] as number }),
    events: Object.fromEntries(Object.entries(custom_events).map(([name, { count }]) => [name, count])),
  }));

/** Every identifier of a user is claimed for it: who is found by a name is who has it. */
const expectClaimsToAgree = async (
  store: EventStore,
  keys: IdentityKeys,
  profiles: readonly ActiveProfile[],
): Promise<void> => {
  const wrong: string[] = [];
  const owners = new Map<string, string>();
  for (const { braze_id, external_ids, user_aliases } of profiles)
    for (const identifier of [
      ...external_ids.map((value): ClaimableIdentifier => ({ kind: 'external_id', value })),
      ...user_aliases.map((value): ClaimableIdentifier => ({ kind: 'user_alias', value })),
    ]) {
      const key = identifierKey(identifier);
      if (owners.has(key)) wrong.push(`${key} is ${owners.get(key)}'s and ${braze_id}'s`);
      owners.set(key, braze_id);
      const { events } = await store.readStream(keys.streamOf(identifier), {
        direction: 'backwards',
        limit: 1,
      });
      const claimed = (events[0]?.data as { braze_id?: string } | undefined)?.braze_id;
      if (claimed !== braze_id) wrong.push(`${key} is ${braze_id}'s and claimed for ${claimed}`);
    }
  expect(wrong).toEqual([]);
};

const round = fc.array(fc.record({ at: fc.nat(2), call: arbitraryCall() }), { minLength: 1, maxLength: 4 });

it('whatever instances are asked at once, the outcome is that of some order of the calls', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-orders-'));
  const store = await openSqliteEventStore({ file: join(folder, 'log.db') });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(round, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(1_000), { minLength: 1, maxLength: 80 }),
      async (rounds, choices) => {
        const from = await store.head();
        // Under a secret of its own each run has a world of its own in the same log.
        const keyedHash = keyedHashWith(`the secret of the run from ${from}`);
        const stepped = steppedStore(store);
        const instances = Array.from({ length: 3 }, () => instance(stepped.store, keyedHash));
        let chosen = 0;
        const choose = (waiting: number): number => choices[chosen++ % choices.length]! % waiting;
        let model: Model = [];
        for (const [number, asked] of rounds.entries()) {
          const calls = asked.map(({ call: each }, at): Call =>
            each.kind === 'track' ? { ...each, event: `e${number}.${at}` } : each,
          );
          const answers = await stepped.drive(
            Promise.all(calls.map((each, at) => call(instances[asked[at]!.at]!, each))),
            choose,
          );
          const profiles = activeProfiles((await store.readAll({ from, limit: 100_000 })).events);
          const refused = answers.flatMap((isRefused, at) => (isRefused ? [at] : []));
          const outcome = outcomeText(asModel(profiles), calls, refused);
          const allowed = reachable(model, calls);
          if (!allowed.has(outcome))
            throw new Error(
              [`no order of round ${number} leads to`, outcome, 'but to', ...allowed.keys()].join('\n'),
            );
          await expectClaimsToAgree(store, identityKeys(keyedHash), profiles);
          model = allowed.get(outcome)!;
        }
      },
    ),
    // The same interleavings every time; another seed looks at others.
    { seed: 20_261_122, numRuns: 120 },
  );
}, 120_000);
