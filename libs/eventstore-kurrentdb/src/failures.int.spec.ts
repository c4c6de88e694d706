import { describe, expect, it, onTestFinished } from 'vitest';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { positionAt, type EventStore } from '@hearth/eventing';
import {
  expectRefusal,
  idsOf,
  observe,
  someEvents,
  uniqueName,
  uniqueStream,
} from '@hearth/eventing/testing';
import { kurrentdbEventStore, type KurrentdbEventStoreOptions } from './index.ts';
import { STORE_STREAM } from './reserved-stream.ts';
import { proxyBefore } from './testing/fixture.ts';
import type { InterruptibleProxy } from './testing/interruptible-proxy.ts';

const server = process.env.HEARTH_TEST_KURRENTDB_URL ?? '';

const openStore = async (options: Partial<KurrentdbEventStoreOptions> = {}): Promise<EventStore> => {
  const store = await kurrentdbEventStore({ connectionString: server, ...options });
  onTestFinished(() => store.close());
  return store;
};

/** A store whose way to the server can be taken away; skips where the server is a cluster. */
const openBehindProxy = async (
  skip: (reason: string) => never,
  options: Partial<KurrentdbEventStoreOptions> = {},
): Promise<{ store: EventStore; proxy: InterruptibleProxy }> => {
  const before = await proxyBefore(server);
  if (!before) return skip('the client finds the nodes of a cluster past the proxy');
  onTestFinished(() => before.proxy.close());
  const store = await openStore({ connectionString: before.through, ...options });
  return { store, proxy: before.proxy };
};

const appendInTurn = async (store: EventStore, stream: string, count: number): Promise<string[]> => {
  const events = someEvents(count);
  for (const [index, event] of events.entries())
    await store.append(stream, [event], { expectedRevision: index === 0 ? 'no_stream' : index - 1 });
  return idsOf(events);
};

describe.runIf(server)('KurrentDB failing, where HEARTH_TEST_KURRENTDB_URL names a server', () => {
  it(
    'appends once and follows whole while its connections break again and again',
    { timeout: 120_000 },
    async (context) => {
      const { store, proxy } = await openBehindProxy(context.skip);
      const category = uniqueName();
      const from = await store.head();
      const observer = observe(store, { from, filter: { streamPrefixes: [`${category}-`] } });
      await observer.until(({ checkpoints }) => checkpoints.some(({ caughtUp }) => caughtUp));
      const writing = Promise.all(
        [1, 2, 3, 4].map((lane) => appendInTurn(store, `${category}-${lane}`, 150)),
      );
      for (const seen of [60, 150, 300, 450]) {
        await observer.until(({ events }) => events.length >= seen);
        proxy.drop();
      }
      const ids = (await writing).flat();
      await observer.until(({ events }) => events.length >= 600);
      await observer.stop();
      expect(idsOf(observer.events).toSorted()).toEqual(ids.toSorted());
      for (const lane of [1, 2, 3, 4])
        expect((await store.readStream(`${category}-${lane}`)).lastRevision).toBe(149);
    },
  );

  it(
    'settles an append that hangs, and finds what a silent subscription missed',
    { timeout: 120_000 },
    async (context) => {
      const { store, proxy } = await openBehindProxy(context.skip, {
        appendTimeout: 1_000,
        readTimeout: 1_000,
      });
      const stream = uniqueStream();
      const observer = observe(store, { from: await store.head(), filter: { streamPrefixes: [stream] } });
      await store.append(stream, someEvents(1), { expectedRevision: 'no_stream' });
      await observer.until(({ events }) => events.length === 1);
      proxy.freeze();
      const events = someEvents(2);
      const appended = store.append(stream, events, { expectedRevision: 0 });
      while (store.availability === 'available') await new Promise((resolve) => setTimeout(resolve, 20));
      proxy.thaw();
      expect(await appended).toMatchObject({ revision: 2 });
      await observer.until((seen) => seen.events.length === 3);
      await observer.stop();
      expect((await store.readStream(stream)).lastRevision).toBe(2);
    },
  );

  it('is away when it is opened without a server, and says so in time', async () => {
    const opening = kurrentdbEventStore({
      connectionString: 'kurrentdb://127.0.0.1:9?tls=false',
      openPatience: 200,
      readPatience: 100,
    });
    await expectRefusal(opening, 'unavailable');
  });

  it('refuses a position at which no record stands, and goes on answering', async () => {
    const store = await openStore({ readPatience: 300 });
    const stream = uniqueStream();
    await store.append(stream, someEvents(1), { expectedRevision: 'no_stream' });
    const from = positionAt(store.storeId, 1);
    await expectRefusal(store.readAll({ from }), 'malformed_position');
    expect((await store.readStream(stream)).lastRevision).toBe(0);
  });

  it('keeps its own stream to itself', async () => {
    const store = await openStore();
    const append = store.append(STORE_STREAM, someEvents(1), { expectedRevision: 'any' });
    await expectRefusal(append, 'invalid_append');
    expect((await store.readAll({ filter: { streamPrefixes: [STORE_STREAM] } })).events).toEqual([]);
  });

  it('hides at once what another instance erased, from pages and from what its subscription holds', async () => {
    const [one, other] = [await openStore(), await openStore()];
    expect(other.storeId).toBe(one.storeId);
    const stream = uniqueStream();
    const options = { from: await one.head(), filter: { streamPrefixes: [stream] } };
    const held = other.subscribe(options)[Symbol.asyncIterator]();
    expect((await held.next()).value).toMatchObject({ events: [], caughtUp: true });
    const first = held.next();
    await one.append(stream, someEvents(1), { expectedRevision: 'no_stream' });
    await first;
    await one.append(stream, someEvents(4, 1), { expectedRevision: 0 });
    await one.eraseBefore(stream, 3);
    expect((await other.readAll(options)).events.map(({ revision }) => revision)).toEqual([3, 4]);
    const revisions: number[] = [];
    while (revisions.at(-1) !== 4) {
      const next = await held.next();
      if (!next.done) revisions.push(...next.value.events.map(({ revision }) => revision));
    }
    await held.return?.();
    expect(revisions).toEqual([3, 4]);
  });

  it('finishes an erasure that stopped half way when it is repeated', async () => {
    const store = await openStore();
    const stream = uniqueStream();
    await store.append(stream, someEvents(4), { expectedRevision: 'no_stream' });
    await store.eraseBefore(stream, 2);
    const client = KurrentDBClient.connectionString(server);
    onTestFinished(() => client.dispose());
    await client.setStreamMetadata(stream, { truncateBefore: 0, kept: 'by its owner' });
    await store.eraseBefore(stream, 2);
    const { metadata } = await client.getStreamMetadata(stream);
    expect(metadata).toEqual({ truncateBefore: 2, kept: 'by its owner' });
  });
});
