import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventStore, type NewEvent } from '@hearth/eventing';
import { freeze } from '../../../tools/freeze.ts';
import { startLogServer, type LogServer } from './testing/log-server.ts';

const events = (count = 1): NewEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    type: 'SomethingHappened',
    data: { index },
    metadata: {
      $correlationId: 'test',
      $causationId: 'test',
      source: 'test',
      received_at: '2026-11-22T04:44:05.123Z',
      schema: 1,
    },
  }));
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const any = { expectedRevision: 'any' } as const;

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

const becomes = async (store: EventStore, availability: EventStore['availability']) => {
  while (store.availability !== availability) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** Collects the ids of a subscription until `count` are there. */
const follow = async (store: EventStore, stream: string, count: number) => {
  const seen: string[] = [];
  for await (const { events } of store.subscribe({ filter: { streamPrefixes: [stream] } })) {
    seen.push(...events.map(({ id }) => id));
    if (seen.length >= count) break;
  }
  return seen;
};

describe('outages between a service and its log', () => {
  let server: LogServer;
  let store: EventStore;
  beforeEach(async () => {
    server = await startLogServer();
    ({ store } = await server.client({ appendTimeoutMs: 3_000 }));
  });
  afterEach(() => server.dispose());

  it('NATS killed: appends are refused as not stored, reads go on, and everything returns by itself', async () => {
    const before = events(2);
    const after = events(2);
    await store.append('a-1', before, any);
    const following = follow(store, 'a-1', 4);
    await server.killNats();
    await becomes(store, 'unavailable');
    expect(await failureOf(store.append('a-1', after, any))).toMatchObject({ code: 'unavailable' });
    expect((await store.readStream('a-1')).lastRevision).toBe(1);
    await server.startNats();
    await becomes(store, 'available');
    expect(await store.append('a-1', after, { expectedRevision: 1 })).toMatchObject({ revision: 3 });
    expect(await following).toEqual([...ids(before), ...ids(after)]);
  });

  it('the log process killed: noticed without an append, and again when it is back', async () => {
    await server.killLog();
    await becomes(store, 'unavailable');
    const [outcome] = await store.appendMany([{ stream: 'a-1', events: events(), ...any }]);
    expect(outcome).toMatchObject({ code: 'unavailable' });
    await server.startLog();
    await becomes(store, 'available');
    expect(await store.append('a-1', events(), any)).toMatchObject({ revision: 0 });
  });

  it('the log process frozen: outcomes are unknown at first, then refused, and a repeat after the thaw is one append', async () => {
    const sent = events(3);
    await freeze(server.pid);
    const error = await failureOf(store.append('a-1', sent, { expectedRevision: 'no_stream' }));
    expect(error).toMatchObject({ code: 'outcome_unknown' });
    await becomes(store, 'unavailable');
    expect(await failureOf(store.append('a-2', events(), any))).toMatchObject({ code: 'unavailable' });
    process.kill(server.pid, 'SIGCONT');
    await becomes(store, 'available');
    expect(await store.append('a-1', sent, { expectedRevision: 'no_stream' })).toMatchObject({ revision: 2 });
    expect(ids((await store.readStream('a-1')).events)).toEqual(ids(sent));
    expect((await store.readStream('a-2')).lastRevision).toBe(-1);
  });

  it('the log process frozen for a moment: the append outlasts it and is stored once', async () => {
    const sent = events(2);
    await freeze(server.pid);
    const appending = store.append('a-1', sent, { expectedRevision: 'no_stream' });
    await becomes(store, 'unavailable');
    process.kill(server.pid, 'SIGCONT');
    expect(await appending).toMatchObject({ revision: 1 });
    expect(ids((await store.readStream('a-1')).events)).toEqual(ids(sent));
  });

  it('NATS frozen: the append ends as unknown or refused, never as stored, and a repeat settles it', async () => {
    const sent = events(1);
    await freeze(server.nats.pid);
    const error = await failureOf(store.append('a-1', sent, { expectedRevision: 'no_stream' }));
    expect(error).toMatchObject({ code: 'outcome_unknown' });
    process.kill(server.nats.pid, 'SIGCONT');
    await becomes(store, 'available');
    expect(await store.append('a-1', sent, { expectedRevision: 'no_stream' })).toMatchObject({ revision: 0 });
    expect(ids((await store.readStream('a-1')).events)).toEqual(ids(sent));
  });
});
