import { describe, expect, it } from 'vitest';
import { EventStoreError } from '@hearth/eventing';
import { expectRefusal, observe, runProgram, someEvent, someEvents } from '@hearth/eventing/testing';
import { openStore, temporaryFile } from './testing/fixture.ts';

const large = (): ReturnType<typeof someEvent> => someEvent({ text: 'x'.repeat(50_000) });

describe('a full disk', () => {
  it('answers store_full, stores nothing of the append, keeps reading, and goes on when there is room', async () => {
    const file = await temporaryFile();
    const store = await openStore({ file, maxBytes: 400_000 });
    const observer = observe(store);
    const stored: string[] = [];
    let refused: unknown;
    for (let turn = 0; turn < 20 && !refused; turn += 1) {
      const event = large();
      await store.append('user-1', [event], { expectedRevision: 'any' }).then(
        () => stored.push(event.id),
        (error: unknown) => (refused = error),
      );
    }
    expect(refused).toBeInstanceOf(EventStoreError);
    expect(refused).toMatchObject({ code: 'store_full' });
    expect(stored.length).toBeGreaterThan(3);
    await expectRefusal(
      store.append('user-2', [someEvent(), large(), someEvent()], { expectedRevision: 'no_stream' }),
      'store_full',
    );
    expect((await store.readStream('user-2')).lastRevision).toBe(-1);
    expect((await store.readAll()).events.map(({ id }) => id)).toEqual(stored);
    await store.eraseBefore('user-1', 3);
    const { position } = await store.append('user-2', [large()], { expectedRevision: 'no_stream' });
    await observer.until(({ events }) => events.at(-1)?.position === position);
    await observer.stop();
    expect(observer.events).toHaveLength(stored.length + 1);
    await store.close();
    const roomier = await openStore({ file });
    await roomier.append('user-1', [large(), large()], { expectedRevision: stored.length - 1 });
  });

  it('stores those appends of a group that fit', async () => {
    const store = await openStore({ file: await temporaryFile(), maxBytes: 300_000 });
    const outcomes = await store.appendMany([
      { stream: 'user-1', events: someEvents(1), expectedRevision: 'no_stream' },
      { stream: 'user-2', events: Array.from({ length: 8 }, large), expectedRevision: 'no_stream' },
      { stream: 'user-1', events: someEvents(1), expectedRevision: 0 },
    ]);
    expect(outcomes).toMatchObject([{ revision: 0 }, { code: 'store_full' }, { revision: 1 }]);
    expect((await store.readAll()).events).toHaveLength(2);
  });
});

describe('a failing disk', () => {
  it('answers every append, and what was acknowledged stays', { timeout: 60_000 }, async () => {
    const file = await temporaryFile();
    // The operating system refuses to let a file grow beyond 2 MB.
    const program = runProgram(new URL('testing/failing-disk.ts', import.meta.url), [file], {
      shell: `trap '' XFSZ; ulimit -f ${process.platform === 'linux' ? 4_000 : 2_000}; exec "$@"`,
    });
    const lines: string[] = [];
    for await (const line of program.lines) lines.push(line);
    const { code, stderr } = await program.ended;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { stored, failures } = JSON.parse(lines.join('')) as { stored: string[]; failures: string[] };
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.every((failure) => /^(outcome_unknown|unavailable|store_full)$/.test(failure))).toBe(
      true,
    );
    const store = await openStore({ file });
    const ids = new Set((await store.readStream('user-1')).events.map(({ id }) => id));
    expect(stored.length).toBeGreaterThan(0);
    for (const id of stored) expect(ids).toContain(id);
  });
});
