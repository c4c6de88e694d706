import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AppendItem } from '@hearth/eventing';
import { expectRefusal, observe, someEvent, someEvents } from '@hearth/eventing/testing';
import { openStore, temporaryFile } from './testing/fixture.ts';

/** How often a text stands in the log's files, in any place of any page. */
const occurrences = (file: string, text: string): number =>
  ['', '-wal', '-shm', '.lock']
    .map((ending) => `${file}${ending}`)
    .filter((path) => existsSync(path))
    .reduce((sum, path) => sum + readFileSync(path).toString('latin1').split(text).length - 1, 0);

/** A repeatable stream of numbers from 0 to 1. */
const numbersFrom = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

describe('erased events leave the files', () => {
  it.each([10, 3_000, 60_000, 800_000])('with %i characters each', async (length) => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    const marker = `secret-${randomUUID()}`;
    const data = { start: marker, filling: 'x'.repeat(length), end: marker };
    for (let revision = 0; revision < 5; revision += 1)
      await store.append('user-1', [someEvent(data, `Type${marker}`)], { expectedRevision: 'any' });
    await store.append('user-1', someEvents(1), { expectedRevision: 4 });
    expect(occurrences(file, marker)).toBeGreaterThan(0);
    await store.eraseBefore('user-1', 5);
    expect(occurrences(file, marker)).toBe(0);
    await store.append('user-1', someEvents(3), { expectedRevision: 5 });
    await store.close();
    expect(occurrences(file, marker)).toBe(0);
  });

  it('with the metadata of a request of which nothing is left', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    const request = `secret-${randomUUID()}`;
    const users = ['user-1', 'user-2'];
    const sharing = (stream: string): AppendItem => {
      const event = someEvent();
      const metadata = { ...event.metadata, $correlationId: request };
      return { stream, events: [{ ...event, metadata }], expectedRevision: 'no_stream' };
    };
    await store.appendMany(users.map(sharing));
    await store.appendMany(users.map((stream) => ({ stream, events: [someEvent()], expectedRevision: 0 })));
    await store.eraseBefore('user-1', 1);
    expect(occurrences(file, request)).toBe(1);
    await store.eraseBefore('user-2', 1);
    expect(occurrences(file, request)).toBe(0);
  });

  it('also between the events of others, erased one after the other', { timeout: 120_000 }, async () => {
    const file = await temporaryFile();
    const store = await openStore({ file });
    const random = numbersFrom(7);
    const names = Array.from({ length: 120 }, (_, user) => `user-${user}`);
    const markers = names.map(() => `secret-${randomUUID()}`);
    const anyUser = (): number => Math.floor(random() * names.length);
    for (let round = 0; round < 40; round += 1)
      await store.appendMany(
        Array.from({ length: 100 }, () => {
          const user = anyUser();
          const filling = 'x'.repeat(Math.floor(random() * (random() < 0.05 ? 20_000 : 700)));
          return {
            stream: names[user]!,
            events: [someEvent({ start: markers[user], filling, end: markers[user] })],
            expectedRevision: 'any' as const,
          };
        }),
      );
    await store.appendMany(
      names.map((stream) => ({ stream, events: [someEvent()], expectedRevision: 'any' })),
    );
    const erased = new Set<number>();
    while (erased.size < 100) erased.add(anyUser());
    for (const user of erased) await store.eraseBefore(names[user]!, Number.MAX_SAFE_INTEGER);
    for (const user of erased) expect(occurrences(file, markers[user]!)).toBe(0);
    for (const [user, name] of names.entries()) {
      const { events, lastRevision } = await store.readStream(name);
      expect(events).toHaveLength(erased.has(user) ? 1 : lastRevision + 1);
    }
  });

  it('and a subscriber that had them in memory does not hand them out', async () => {
    const store = await openStore({ file: await temporaryFile() });
    const iterator = store.subscribe()[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ caughtUp: true });
    await store.append('user-1', someEvents(4), { expectedRevision: 'no_stream' });
    await store.eraseBefore('user-1', 3);
    expect((await iterator.next()).value).toMatchObject({ events: [{ stream: 'user-1', revision: 3 }] });
    await iterator.return?.();
  });

  it('where a reader keeps the write-ahead log in use, the erasure says so, and a repeat finishes it', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file, eraseTimeoutMs: 200 });
    const marker = `secret-${randomUUID()}`;
    await store.append('user-1', [someEvent({ marker }), someEvent()], { expectedRevision: 'no_stream' });
    const reader = new DatabaseSync(file, { readOnly: true });
    onTestFinished(() => void (reader.isOpen && reader.close()));
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM events').get();
    await expectRefusal(store.eraseBefore('user-1', 1), 'unavailable');
    expect((await store.readStream('user-1')).events).toHaveLength(1);
    await store.append('user-2', someEvents(1), { expectedRevision: 'no_stream' });
    reader.exec('COMMIT');
    await store.eraseBefore('user-1', 1);
    expect(occurrences(file, marker)).toBe(0);
  });

  it('a subscriber that follows goes on', async () => {
    const store = await openStore({ file: await temporaryFile() });
    const observer = observe(store);
    await store.append('user-1', someEvents(2), { expectedRevision: 'no_stream' });
    await observer.until(({ events }) => events.length === 2);
    await store.eraseBefore('user-1', 1);
    await store.append('user-1', someEvents(1), { expectedRevision: 1 });
    await observer.until(({ events }) => events.length === 3);
    await observer.stop();
    expect(observer.events.map(({ revision }) => revision)).toEqual([0, 1, 2]);
  });
});
