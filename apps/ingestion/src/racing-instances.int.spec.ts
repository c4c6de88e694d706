import { identifierKey, userStream, type ClaimableIdentifier } from '@hearth/contracts';
import type { RecordedEvent } from '@hearth/eventing';
import { identityKeys, keyedHashWith, type Ingestion } from '@hearth/ingestion';
import { instanceOn, newContext, openTestLog, type TestLog } from '@hearth/ingestion/testing';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const keyedHash = keyedHashWith('a secret that only this test knows');
const keys = identityKeys(keyedHash);

let log: TestLog;
beforeEach(async () => {
  log = await openTestLog();
});
afterEach(() => log.remove());

const instance = (): Ingestion => instanceOn(log.store, { keyedHash });

const track = (ingestion: Ingestion, body: object) => ingestion.track(body as never, newContext());

const event = (user: object, name: string) => ({
  ...user,
  name,
  time: '2026-01-01T00:00:00Z',
  _update_existing_only: false,
});

const wholeLog = async (): Promise<readonly RecordedEvent[]> =>
  (await log.store.readAll({ limit: 100_000 })).events;
const namesOf = (events: readonly RecordedEvent[]): string[] =>
  events
    .filter(({ type }) => type === 'CustomEventRecorded')
    .map(({ data }) => (data as { name: string }).name);

describe('instances that race for the same users', () => {
  const users = ['a', 'b', 'c'].flatMap((name): { body: object; identifier: ClaimableIdentifier }[] => [
    { body: { external_id: name }, identifier: { kind: 'external_id', value: name } },
    {
      body: { user_alias: { alias_label: 'l', alias_name: name } },
      identifier: { kind: 'user_alias', value: { alias_label: 'l', alias_name: name } },
    },
  ]);

  it('store every accepted event exactly once, under the one user its identifier was claimed for', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.nat(2), user: fc.nat(users.length - 1), turns: fc.nat(3) }), {
          minLength: 1,
          maxLength: 40,
        }),
        async (calls) => {
          run++;
          const instances = [instance(), instance(), instance()];
          const sent = await Promise.all(
            calls.map(async ({ at, user, turns }, index) => {
              for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
              const name = `event ${run}.${index}`;
              const answer = await track(instances[at]!, { events: [event(users[user]!.body, name)] });
              expect(answer).toMatchObject({ reply: { events_processed: 1 }, position: expect.any(String) });
              return { name, identifier: users[user]!.identifier };
            }),
          );

          const events = await wholeLog();
          const recorded = namesOf(events).filter((name) => name.startsWith(`event ${run}.`));
          expect(recorded.toSorted()).toEqual(sent.map(({ name }) => name).toSorted());
          for (const { name, identifier } of sent) {
            const claims = events.filter(({ stream }) => stream === keys.streamOf(identifier));
            expect(claims.map(({ type }) => type)).toEqual(['IdentifierClaimed']);
            const { braze_id } = claims[0]!.data as { braze_id: string };
            const own = events.filter(({ stream }) => stream === userStream(braze_id));
            expect(own.map(({ type }) => type).filter((type) => type === 'UserCreated')).toHaveLength(1);
            expect(namesOf(own)).toContain(name);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('keep the order of one caller who waits for each answer, whichever instance answers', async () => {
    const instances = [instance(), instance()];
    for (let index = 0; index < 20; index++)
      await track(instances[index % 2]!, { events: [event({ external_id: 'ordered' }, `${index}`)] });
    expect(namesOf(await wholeLog())).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
  });

  it('finish what a crash left: a claim without its user, and a user without its claim', async () => {
    for (const identifier of [
      { kind: 'external_id', value: 'claimed only' },
      { kind: 'external_id', value: 'created only' },
    ] as const) {
      const brazeId = keys.brazeIdOf(identifier, 0);
      const metadata = {
        $correlationId: 'c',
        $causationId: 'c',
        source: 'test',
        received_at: '2026-01-01T00:00:00.000Z',
        schema: 1,
      };
      if (identifier.value === 'claimed only')
        await log.store.append(
          keys.streamOf(identifier),
          [
            {
              id: keys.claimIdOf(identifier, 0),
              type: 'IdentifierClaimed',
              data: { braze_id: brazeId },
              metadata,
            },
          ],
          { expectedRevision: 'no_stream' },
        );
      else
        await log.store.append(
          userStream(brazeId),
          [
            {
              id: randomUUID(),
              type: 'UserCreated',
              data: { braze_id: brazeId, identifier, random_bucket: 1 },
              metadata,
            },
          ],
          { expectedRevision: 'no_stream' },
        );
      await track(instance(), {
        events: [event({ external_id: identifier.value }, identifierKey(identifier))],
      });

      expect((await log.store.readStream(keys.streamOf(identifier))).events).toMatchObject([
        { type: 'IdentifierClaimed' },
      ]);
      const { events } = await log.store.readStream(userStream(brazeId));
      expect(events.map(({ type }) => type)).toEqual(['UserCreated', 'CustomEventRecorded']);
    }
  });
});

describe('one request', () => {
  it('that is too large for one append is stored whole and in order', async () => {
    const large = (index: number) => ({
      ...event({ external_id: 'large' }, `${index}`),
      properties: { text: Array.from({ length: 350 }, () => 'x'.repeat(250)) },
    });
    await track(instance(), { events: Array.from({ length: 30 }, (_, index) => large(index)) });
    expect(namesOf(await wholeLog())).toEqual(Array.from({ length: 30 }, (_, index) => `${index}`));
  });

  it('for 75 users is 75 users, with one claim each', async () => {
    const body = {
      attributes: Array.from({ length: 75 }, (_, index) => ({ external_id: `u${index}`, x: index })),
    };
    await track(instance(), body);
    const events = await wholeLog();
    expect(events.filter(({ type }) => type === 'IdentifierClaimed')).toHaveLength(75);
    expect(events.filter(({ type }) => type === 'AttributesUpdated')).toHaveLength(75);
  });

  it('that may create nobody leaves nothing behind', async () => {
    const answer = await track(instance(), {
      attributes: [{ external_id: 'nobody', _update_existing_only: true, x: 1 }],
      events: [
        {
          ...event({ user_alias: { alias_label: 'l', alias_name: 'n' } }, 'x'),
          _update_existing_only: undefined,
        },
      ],
    });
    expect(answer).toMatchObject({
      reply: { attributes_processed: 1, events_processed: 1 },
      position: undefined,
    });
    expect(await wholeLog()).toEqual([]);
  });
});
