import { OPERATION_STREAMS, type Json } from '@hearth/contracts';
import type { EventStore, RecordedEvent } from '@hearth/eventing';
import { describe, expect, it } from 'vitest';

import { instanceOn, newContext, sharedTestLog } from '../../testing/instances.ts';
import { killedAfter } from '../../testing/killed-store.ts';
import { alias, externalId, knownUsers } from '../../testing/known-users.ts';
import type { Ingestion } from '../ingestion.ts';
import { followOperations } from './follow-operations.ts';

const TIMEOUT_MS = 5_000;

const log = sharedTestLog();

/** A process of its own memory. */
const process = (own: EventStore): Ingestion => instanceOn(own, { timeoutMs: TIMEOUT_MS });
const context = () => newContext(TIMEOUT_MS);

const label = (n: string, name: string) => ({ alias_label: 'l', alias_name: `${name}-${n}` });

interface Case {
  readonly act: (ingestion: Ingestion, n: string) => Promise<unknown>;
  /** Further calls before it. */
  readonly prepare?: (ingestion: Ingestion, n: string) => Promise<unknown>;
}

const mergeInto = (ingestion: Ingestion, from: object, into: object) =>
  ingestion.identity.merge(
    { merge_updates: [{ identifier_to_merge: from, identifier_to_keep: into }] } as unknown as Json,
    context(),
  );
const merge = (ingestion: Ingestion, n: string) =>
  mergeInto(ingestion, { external_id: `a-${n}` }, { external_id: `b-${n}` });

const cases: Record<string, Case> = {
  'an alias that is added': {
    act: ({ identity }, n) =>
      identity.newAliases({ user_aliases: [{ external_id: `a-${n}`, ...label(n, 'new') }] }, context()),
  },
  'an alias that is renamed': {
    act: ({ identity }, n) =>
      identity.updateAliases(
        {
          alias_updates: [{ alias_label: 'l', old_alias_name: `x-${n}`, new_alias_name: `new-${n}` }],
        },
        context(),
      ),
  },
  'an external id that is renamed': {
    act: ({ identity }, n) =>
      identity.renameExternalIds(
        { external_id_renames: [{ current_external_id: `a-${n}`, new_external_id: `c-${n}` }] },
        context(),
      ),
  },
  'a user who is identified': {
    act: ({ identity }, n) =>
      identity.identify(
        { aliases_to_identify: [{ external_id: `c-${n}`, user_alias: label(n, 'x') }] },
        context(),
      ),
  },
  'a user who is identified as one who is there': {
    act: ({ identity }, n) =>
      identity.identify(
        { aliases_to_identify: [{ external_id: `b-${n}`, user_alias: label(n, 'x') }] },
        context(),
      ),
  },
  'a merge': { act: merge },
  'a merge that is taken back': {
    prepare: merge,
    act: ({ identity }, n) => identity.unmerge({ external_id: `a-${n}` }, context()),
  },
  'a deletion of a user who was merged with another': {
    prepare: merge,
    act: ({ identity }, n) => identity.deleteUsers({ external_ids: [`b-${n}`] }, context()),
  },
  'a deletion of a user whom others took over and gave back': {
    prepare: async (ingestion, n) => {
      const [b, x] = [{ external_id: `b-${n}` }, { user_alias: label(n, 'x') }];
      await merge(ingestion, n);
      await mergeInto(ingestion, b, x);
      for (const user of ['b', 'a'])
        await ingestion.identity.unmerge({ external_id: `${user}-${n}` }, context());
      await mergeInto(ingestion, b, x);
    },
    act: ({ identity }, n) => identity.deleteUsers({ external_ids: [`a-${n}`] }, context()),
  },
};

/** Users a and b, and one who has nothing but an alias; a has an alias under another label as well. */
const setUp = async (ingestion: Ingestion, n: string): Promise<void> => {
  const body = {
    attributes: [
      { external_id: `a-${n}`, a: `word-${n}`, email: `a-${n}@example.com` },
      { external_id: `b-${n}`, b: 1 },
      { user_alias: label(n, 'x'), x: 1, email: `x-${n}@example.com`, _update_existing_only: false },
    ],
  };
  await ingestion.track(body as unknown as Json, context());
  const added = { external_id: `a-${n}`, alias_label: 'm', alias_name: `of a-${n}` };
  await ingestion.identity.newAliases({ user_aliases: [added] }, context());
};

/** Who is who now, in words that do not depend on the run. */
const whoIsWho = async (n: string): Promise<string> => {
  const users = knownUsers(log);
  const all = [
    ...['a', 'b', 'c'].map((id) => externalId(`${id}-${n}`)),
    ...['x', 'new'].map((name) => alias('l', `${name}-${n}`)),
    alias('m', `of a-${n}`),
  ];
  const lines = await Promise.all(
    all.map(async (identifier) => {
      const user = await users.by(identifier);
      const shown = user && {
        ids: user.external_ids,
        aliases: user.user_aliases,
        attributes: Object.keys(user.custom_attributes)
          .toSorted()
          .map((key) => user.custom_attributes[key]),
      };
      return `${JSON.stringify(identifier.value)}: ${JSON.stringify(shown)}`;
    }),
  );
  return lines.join('\n').replaceAll(`-${n}`, '');
};

const wholeLog = async (): Promise<readonly RecordedEvent[]> =>
  (await log.store.readAll({ limit: 1_000_000 })).events;
/** Every operation there ever was, also where the log has forgotten what it was about. */
const operations = async (): Promise<ReadonlySet<string>> =>
  new Set(
    (await wholeLog()).map(({ stream }) => stream).filter((name) => name.startsWith(OPERATION_STREAMS)),
  );
const unfinished = async (): Promise<readonly string[]> => {
  const events = await wholeLog();
  const finished = new Set(
    events.filter(({ type }) => type === 'OperationFinished').map(({ stream }) => stream),
  );
  return [...(await operations())].filter((stream) => !finished.has(stream));
};

/** A later process: it finishes what was left behind before anything else. */
const restart = async (): Promise<Ingestion> => {
  const ingestion = process(log.store);
  const failures: unknown[] = [];
  const follower = followOperations({
    store: log.store,
    operations: ingestion.identity.operations,
    clock: Date,
    timeoutMs: TIMEOUT_MS,
    onFailure: (error) => failures.push(error),
  });
  await follower.started;
  await follower.stop();
  expect(failures).toEqual([]);
  return ingestion;
};

describe.each(Object.entries(cases))('%s', (what, { prepare, act }) => {
  let run = 0;
  const begin = async (): Promise<string> => {
    const n = `${what.replaceAll(' ', '')}${run++}`;
    const ingestion = process(log.store);
    await setUp(ingestion, n);
    await prepare?.(ingestion, n);
    return n;
  };

  it.each([false, true])(
    'is finished by the next process, wherever the one before died (answer lost: %s)',
    async (answerLost) => {
      const n = await begin();
      const before = await whoIsWho(n);
      await act(process(log.store), n);
      const after = await whoIsWho(n);
      expect(after).not.toBe(before);

      for (let writes = answerLost ? 1 : 0; ; writes++) {
        const again = await begin();
        const started = (await operations()).size;
        const killed = killedAfter(log.store, writes, { answerLost });
        const failure = await act(process(killed.store), again).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (!killed.isDead()) break;
        const hasStarted = (await operations()).size > started;
        expect(failure).toMatchObject({ code: hasStarted ? 'answer_lost' : 'not_stored' });

        const next = await restart();
        expect(await whoIsWho(again), `after ${writes} writes`).toBe(hasStarted ? after : before);
        await act(next, again);
        expect(await whoIsWho(again), `sent again after ${writes} writes`).toBe(after);
        expect(await unfinished()).toEqual([]);
      }
    },
  );
});

it('leaves no word of a deleted person in the log, wherever it died', async () => {
  const words = (await wholeLog()).filter(
    ({ data, stream }) => stream.startsWith('user_') && JSON.stringify(data).includes('word-adeletion'),
  );
  expect(words).toEqual([]);
});
