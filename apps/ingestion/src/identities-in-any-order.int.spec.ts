import { identifierKey, type ClaimableIdentifier } from '@hearth/contracts';
import type { EventStore } from '@hearth/eventing';
import { identityKeys, keyedHashWith, type IdentityKeys, type Ingestion } from '@hearth/ingestion';
import { activeUsersIn, instanceOn, newContext, openTestLog } from '@hearth/ingestion/testing';
import type { ActiveProfile } from '@hearth/profiles';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';

import { arbitraryCall, isRefusal, requestOf, useCaseOf } from './testing/identity-calls.ts';
import { outcomeText, reachable, type Call, type Model } from './testing/identity-model.ts';
import { steppedStore } from './testing/stepped-store.ts';

/** The same interleavings every time; another seed looks at others. */
const SEED = Number(process.env['TEST_IDENTITY_SEED'] ?? 20_261_122);
const PATIENCE_MS = 60_000;
const call = async (ingestion: Ingestion, asked: Call): Promise<boolean> => {
  const { path, body } = requestOf(asked);
  const answer = await useCaseOf(ingestion, path)(body, newContext(PATIENCE_MS));
  if (!('reply' in answer)) throw new Error(`${JSON.stringify(asked)}: ${answer.message}`);
  return isRefusal(answer.reply);
};

const asModel = (profiles: readonly ActiveProfile[]): Model =>
  profiles.map(({ external_ids, user_aliases, fields, custom_attributes, custom_events }) => ({
    external_ids,
    ...(fields.email && { email: fields.email }),
    ...(fields.phone && { phone: fields.phone }),
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
  const { store, remove } = await openTestLog();
  onTestFinished(remove);
  await fc.assert(
    fc.asyncProperty(
      fc.array(round, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(1_000), { minLength: 1, maxLength: 80 }),
      async (rounds, choices) => {
        const from = await store.head();
        // Under a secret of its own each run has a world of its own in the same log.
        const keyedHash = keyedHashWith(`the secret of the run from ${from}`);
        const stepped = steppedStore(store);
        // Those with a short memory know users under one of their names and not under another.
        const instances = [undefined, { users: 2, revisions: 0 }, { users: 1, revisions: 100 }].map(
          (rememberedUsers) =>
            instanceOn(stepped.store, {
              keyedHash,
              timeoutMs: PATIENCE_MS,
              from,
              ...(rememberedUsers && { rememberedUsers }),
            }),
        );
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
          const { events } = await store.readAll({ from, limit: 100_000 });
          const profiles = activeUsersIn(events).map(({ profile }) => profile);
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
    { seed: SEED, numRuns: 120 },
  );
}, 120_000);
