import type { RecordedEvent } from '@hearth/eventing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { startDeployment, type Answer, type Deployment } from '../testing/deployment.ts';
import { dyingStore } from '../testing/dying-store.ts';

const HOUR = 3_600_000;
const time = '2026-01-01T00:00:00Z';
const key = (text: string) => ({ 'idempotency-key': text });

/** Two new users, one known one who is named twice, an email: four streams of users, in two rounds of look-ups. */
const bodyFor = (run: string) => ({
  attributes: [{ external_id: `known ${run}`, visits: { inc: 1 } }],
  events: [
    { external_id: `new ${run}`, name: 'e', time },
    { external_id: `known ${run}`, name: 'e', time },
    { email: `new@${run}.com`, name: 'e', time },
  ],
  purchases: [
    {
      user_alias: { alias_label: 'l', alias_name: `new ${run}` },
      _update_existing_only: false,
      product_id: 'p',
      currency: 'USD',
      price: 1,
      time,
    },
  ],
});
const body = bodyFor('once');

/** What the streams of a run's users hold, whatever the users' ids. */
const recorded = (log: readonly RecordedEvent[], run: string): string[] => {
  const users = new Map<string, string>();
  for (const { stream, type, data } of log) {
    const identifier = JSON.stringify((data as { identifier?: unknown }).identifier ?? null);
    if (type === 'UserCreated' && identifier.includes(run)) users.set(stream, identifier.replace(run, 'run'));
  }
  return log
    .filter(({ stream }) => users.has(stream))
    .map(({ stream, type, data }) =>
      JSON.stringify([users.get(stream), type, type === 'UserCreated' ? null : data]),
    )
    .toSorted();
};

const expectNoIdTwice = (log: readonly RecordedEvent[]): void => {
  const ids = log.map(({ id }) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
};

const know = (run: string) => ({ attributes: [{ external_id: `known ${run}`, visits: 1 }] });

/** One whose first appends are made, and a known user. */
const withKnownUser = async (): Promise<Deployment> => {
  const deployment = await startDeployment();
  await (await deployment.instance()).post('/users/track', know('once'));
  return deployment;
};

describe('a process that dies at any step of a request', () => {
  it('leaves it to the next attempt, which stores what is missing and nothing twice', async () => {
    const { store, instance, log } = await withKnownUser();
    const heir = await instance({ clockAhead: HOUR });
    await heir.post('/users/track', body, key('undisturbed'));
    const expected = recorded(await log(), 'once');

    let step = 0;
    for (let reached = true; reached; step++) {
      for (const when of ['before', 'after'] as const) {
        const run = `${when}${step}x`;
        await heir.post('/users/track', know(run));
        const dying = dyingStore(store, step, when);
        const first = (await instance({ store: dying.store })).post('/users/track', bodyFor(run), key(run));
        await Promise.race([first, dying.death]);
        reached = dying.died();
        const answer = await heir.post('/users/track', bodyFor(run), key(run));
        expect(answer).toMatchObject({
          status: 201,
          body: { message: 'success', attributes_processed: 1, events_processed: 3, purchases_processed: 1 },
        });
        const events = await log();
        expect({ run, recorded: recorded(events, run) }).toEqual({ run, recorded: expected });
        expectNoIdTwice(events);
        expect((await heir.post('/users/track', bodyFor(run), key(run))).body).toEqual(answer.body);
      }
    }
    expect(step).toBeGreaterThan(7);
  }, 120_000);

  it('is told from one that only stood still: both go on, and each write counts once', async () => {
    const { store, instance, log } = await withKnownUser();
    const thaw = Promise.withResolvers<void>();
    const frozen = Promise.withResolvers<void>();
    let appends = 0;
    const slow = Object.assign(Object.create(store) as typeof store, {
      async appendMany(...parameters: Parameters<typeof store.appendMany>) {
        if (appends++ === 0) {
          frozen.resolve();
          await thaw.promise;
        }
        return store.appendMany(...parameters);
      },
    });
    const first = (await instance({ store: slow })).post('/users/track', body, key('k'));
    await frozen.promise;
    const heir = await instance({ clockAhead: HOUR });
    await heir.post('/users/track', { events: [{ external_id: 'known once', name: 'in between', time }] });
    const second = await heir.post('/users/track', body, key('k'));
    thaw.resolve();
    expect(second.status).toBe(201);
    expect((await first).body).toEqual(second.body);
    const events = (await log()).filter(({ type }) => type === 'CustomEventRecorded');
    expect(events).toHaveLength(4);
    expectNoIdTwice(await log());
  });

  it('holds the next attempt off while it may still be at work: 503, come again', async () => {
    const { store, instance } = await withKnownUser();
    const dying = dyingStore(store, 1, 'before');
    void (await instance({ store: dying.store })).post('/users/track', body, key('k'));
    await dying.death;
    const refused = await (await instance({ timeoutMs: 100 })).post('/users/track', body, key('k'));
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });
});

describe('retries in any order, to instances that come and go', () => {
  it('count once, and whoever is answered is told the same', async () => {
    const call = fc.record({
      key: fc.nat(2),
      turns: fc.nat(4),
      /** The append at which the instance dies that is called; none dies where it is too high. */
      dies: fc.nat(12),
      when: fc.constantFrom('before' as const, 'after' as const),
    });
    const { store, instance, log } = await withKnownUser();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 5 }), async (calls) => {
        run++;
        const eventOf = (at: number) => ({
          attributes: [{ external_id: `counted ${run}`, count: { inc: 1 } }],
          events: [{ external_id: `user ${run % 3}`, name: `event ${run}.${at}`, time }],
        });
        const answers = new Map<number, Answer[]>();
        const took = (at: number, answer: Answer) => {
          if (answer.status === 201) answers.set(at, [...(answers.get(at) ?? []), answer]);
        };
        await Promise.all(
          calls.map(async ({ key: at, turns, dies, when }) => {
            const dying = dyingStore(store, dies, when);
            // Clocks an hour apart: every attempt takes those before it for dead, whether they are or not.
            const { post } = await instance({ store: dying.store, clockAhead: turns * HOUR, timeoutMs: 50 });
            for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
            const answered = post('/users/track', eventOf(at), key(`${run}.${at}`)).then((answer) =>
              took(at, answer),
            );
            await Promise.race([answered, dying.death]);
          }),
        );
        const keys = [...new Set(calls.map((each) => each.key))];
        const { post } = await instance({ clockAhead: 9 * HOUR });
        for (const at of keys) {
          const last = await post('/users/track', eventOf(at), key(`${run}.${at}`));
          expect(last.status).toBe(201);
          took(at, last);
        }

        const events = await log();
        for (const at of keys) {
          const named = events.filter(
            ({ type, data }) =>
              type === 'CustomEventRecorded' && (data as { name: string }).name === `event ${run}.${at}`,
          );
          expect(named).toHaveLength(1);
          for (const answer of answers.get(at)!) expect(answer.body).toEqual(answers.get(at)![0]!.body);
        }
        const counted = await post('/users/track/sync', {
          attributes: { external_id: `counted ${run}`, count: { inc: 0 } },
        });
        expect(counted.body).toMatchObject({ users: [{ custom_attributes: { count: keys.length } }] });
        expectNoIdTwice(events);
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
