import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventStore, NewEvent } from '@hearth/eventing';
import { openSqliteEventStore, type SqliteEventStore } from '@hearth/eventstore-sqlite';
import { inProcessBus, type Messaging } from '@hearth/messaging';
import { natsEventStore } from './nats-event-store.ts';
import { serveEventStore, type ServedEventStore } from './serve-event-store.ts';
import { APPEND, APPENDED, ERASE, type Appended } from './wire.ts';

const event = (data: unknown = {}): NewEvent => ({
  id: randomUUID(),
  type: 'SomethingHappened',
  data,
  metadata: {
    $correlationId: 'test',
    $causationId: 'test',
    source: 'test',
    received_at: '2026-11-22T04:44:05.123Z',
    schema: 1,
  },
});
const any = { expectedRevision: 'any' } as const;
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

/** The heads that are announced from now on. */
const headsHeard = (end: Messaging): string[] => {
  const heads: string[] = [];
  end.subscribe(APPENDED, (payload) => void heads.push((payload as Appended).head));
  return heads;
};

describe('what the two halves say to each other', () => {
  let folder: string;
  let log: SqliteEventStore;
  let bus: ReturnType<typeof inProcessBus>;
  let asking: Messaging;
  let served: ServedEventStore;
  let store: EventStore;

  const start = async (maxPayloadBytes = 1_047_552) => {
    bus = inProcessBus({ maxPayloadBytes });
    served = serveEventStore(log, bus.connect());
    asking = bus.connect();
    store = await natsEventStore({ messaging: asking, file: log.file, appendTimeoutMs: 1_500 });
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-log-'));
    log = await openSqliteEventStore({ file: join(folder, 'events.db') });
    await start();
  });
  afterEach(async () => {
    await store.close();
    await served.stop();
    await log.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('appends of one turn travel in one message and are announced once', async () => {
    const messages: unknown[] = [];
    const end = bus.connect();
    end.subscribe(APPEND, (payload) => void messages.push(payload));
    const heads = headsHeard(end);
    const results = await Promise.all(
      [1, 2, 3].map((n) => store.append(`a-${n}`, [event()], { expectedRevision: 'no_stream' })),
    );
    expect(messages).toHaveLength(1);
    await vi.waitFor(() => expect(heads).toEqual([results[2]!.position]));
  });

  it('commits that follow one another are announced together, up to the newest', async () => {
    const heads = headsHeard(bus.connect());
    let newest: unknown;
    for (let n = 0; n < 50; n += 1) newest = (await store.append(`a-${n}`, [event()], any)).position;
    await vi.waitFor(() => expect(heads.at(-1)).toBe(newest));
    expect(heads).toEqual([...new Set(heads)].toSorted());
    expect(heads.length).toBeLessThan(50);
  });

  it('a stop announces what is left at once', async () => {
    const heads = headsHeard(bus.connect());
    await store.append('a-1', [event()], any);
    const { position } = await store.append('a-2', [event()], any);
    await served.stop();
    await vi.waitFor(() => expect(heads.at(-1)).toBe(position));
  });

  it('an append that is refused does not hurt those beside it', async () => {
    await store.append('a-1', [event()], any);
    const outcomes = await store.appendMany([
      { stream: 'a-2', events: [event()], ...any },
      { stream: 'a-1', events: [event()], expectedRevision: 7 },
      { stream: '$a', events: [event()], ...any },
      { stream: 'a-3', events: [event()], ...any },
    ]);
    expect(outcomes).toMatchObject([
      { revision: 0 },
      { code: 'wrong_expected_revision', stream: 'a-1', expected: 7, actual: 0 },
      { code: 'invalid_append' },
      { revision: 0 },
    ]);
  });

  it('messages of another shape are refused item by item', async () => {
    const good = { stream: 'a-1', events: [event()], expectedRevision: 'any' };
    const items = [null, 7, { stream: 1 }, { ...good, events: [null] }, { ...good, events: [{ id: 1 }] }];
    const replies = await asking.request<unknown[]>(APPEND, [...items, good], { timeoutMs: 5_000 });
    expect(replies.slice(0, -1)).toEqual(
      items.map(() => ({ refused: expect.objectContaining({ code: 'invalid_append' }) as unknown })),
    );
    expect(replies.at(-1)).toMatchObject({ revision: 0 });
    const half = await asking.request<unknown[]>(APPEND, [{ ...good, events: [{ id: 'x', type: 'Y' }] }], {
      timeoutMs: 5_000,
    });
    expect(half).toMatchObject([{ refused: { code: 'invalid_append' } }]);
    expect(await failureOf(asking.request(APPEND, 'x', { timeoutMs: 5_000 }))).toMatchObject({
      code: 'invalid_append',
    });
    expect(await asking.request(ERASE, { stream: 'a' }, { timeoutMs: 5_000 })).toMatchObject({
      refused: { code: 'invalid_append' },
    });
  });

  it('a lost answer is asked for again, and the append stands once', async () => {
    await served.stop();
    const lossy = bus.connect();
    let lost = 0;
    serveEventStore(log, {
      ...lossy,
      respond: (subject, handler, options) =>
        lossy.respond(
          subject,
          async (payload, context) => {
            const answer = await handler(payload, context);
            if (subject === APPEND && lost++ === 0) await new Promise(() => undefined);
            return answer;
          },
          options,
        ),
    });
    const sent = [event(), event()];
    expect(await store.append('a-1', sent, { expectedRevision: 'no_stream' })).toMatchObject({ revision: 1 });
    expect(lost).toBe(2);
    expect((await store.readStream('a-1')).events.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
  });

  it('what a caller changes after the call is not stored', async () => {
    const data = { n: 1 };
    const appending = store.append('a-1', [event(data)], any);
    data.n = 2;
    await appending;
    expect((await store.readStream('a-1')).events[0]!.data).toEqual({ n: 1 });
  });

  it('an append that does not fit a message says what to change', async () => {
    await store.close();
    await served.stop();
    await start(10_000);
    expect(await failureOf(store.append('a-1', [event('x'.repeat(10_000))], any))).toMatchObject({
      code: 'append_too_large',
      message: expect.stringContaining('max_payload') as string,
    });
  });

  it('a log other than the one that is written is refused', async () => {
    const other = await openSqliteEventStore({ file: join(folder, 'other.db') });
    const error = await failureOf(natsEventStore({ messaging: asking, file: other.file }));
    expect(error).toMatchObject({ code: 'store_inaccessible' });
    expect((error as Error).message).toContain('same data folder');
    await other.close();
  });

  it('a log that is not there is waited for, though not for ever', async () => {
    const file = join(folder, 'later.db');
    const options = { messaging: bus.connect(), file };
    expect(await failureOf(natsEventStore({ ...options, openTimeoutMs: 0 }))).toMatchObject({
      code: 'unavailable',
    });
    const opening = natsEventStore({ ...options, messaging: inProcessBus().connect() });
    const later = await openSqliteEventStore({ file });
    const opened = await opening;
    expect(opened.storeId).toBe(later.storeId);
    expect(opened.availability).toBe('unavailable');
    await opened.close();
    await later.close();
  });
});
