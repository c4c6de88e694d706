import type { EventStore } from '@hearth/eventing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { archiveOf } from '../testing/archives.ts';
import { eventLines, events, exported, fillLog, imported, newLog } from '../testing/logs.ts';
import type { FillableLog } from './import-log.ts';

const refusal = (code: string) => ({ name: 'ArchiveError', code });

describe('an exported log', () => {
  it('is the same log after its import, but for its name', async () => {
    const source = await newLog();
    await fillLog(source);
    const archive = await exported(source);
    const target = await newLog();
    const count = eventLines(archive).length;
    expect(await imported(archive, target)).toEqual({ events: count, found: 0 });
    expect(eventLines(await exported(target))).toEqual(eventLines(archive));
  });

  it('goes on where it stood, erased events counted', async () => {
    const source = await newLog();
    await fillLog(source);
    const target = await newLog();
    await imported(await exported(source), target);
    for (const stream of ['user_aa-1', 'user_aa-2', 'canvas-1']) {
      const { lastRevision, events: stood } = await source.readStream(stream);
      const there = await target.readStream(stream);
      expect(there.lastRevision).toBe(lastRevision);
      expect(there.events.map(({ revision, id }) => [revision, id])).toEqual(
        stood.map(({ revision, id }) => [revision, id]),
      );
      const added = await target.append(stream, events(1), { expectedRevision: lastRevision });
      expect(added.revision).toBe(lastRevision + 1);
    }
    expect((await target.readAll()).events.map(({ type }) => type)).not.toContain('Erased');
  });

  it('recognises a late repeat of what was appended before the export', async () => {
    const source = await newLog();
    const [one, two] = [events(3), events(2)];
    await source.append('thing-1', one, { expectedRevision: 'no_stream' });
    await source.append('thing-1', two, { expectedRevision: 2 });
    const target = await newLog();
    await imported(await exported(source), target);
    expect(await target.append('thing-1', one, { expectedRevision: 'no_stream' })).toMatchObject({
      revision: 2,
    });
    expect(await target.append('thing-1', two, { expectedRevision: 2 })).toMatchObject({ revision: 4 });
  });

  it('may be empty', async () => {
    const archive = await exported(await newLog());
    const target = await newLog();
    expect(await imported(archive, target)).toEqual({ events: 0, found: 0 });
  });

  it('takes in what was stored when it began, and nothing later', async () => {
    const source = await newLog();
    await source.append('thing-1', events(2_500), { expectedRevision: 'no_stream' });
    const busy = {
      ...source,
      readAll: async (options: Parameters<EventStore['readAll']>[0]) => {
        await source.append('thing-2', events(1), { expectedRevision: 'any' });
        return source.readAll(options);
      },
    };
    expect(eventLines(await exported(busy))).toHaveLength(2_500);
  });

  it('can be imported where events were erased while it was written', async () => {
    const source = await newLog();
    await source.append('thing-1', events(1_500), { expectedRevision: 'no_stream' });
    await source.append('thing-2', events(1), { expectedRevision: 'no_stream' });
    await source.append('thing-1', events(1), { expectedRevision: 1_499 });
    let pages = 0;
    const erasing = {
      ...source,
      readAll: async (options: Parameters<EventStore['readAll']>[0]) => {
        if (++pages === 2) await source.eraseBefore('thing-1', 1_500);
        return source.readAll(options);
      },
    };
    const archive = await exported(erasing);
    expect(eventLines(archive)).toHaveLength(1_002);
    const target = await newLog();
    await imported(archive, target);
    expect(eventLines(await exported(target))).toEqual(eventLines(await exported(source)));
    expect(await imported(archive, target)).toEqual({ events: 1_002, found: 1_002 });
  });

  it('comes back whatever was written and erased', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            stream: fc.constantFrom('a-1', 'a-2', 'b-1'),
            count: fc.integer({ min: 1, max: 4 }),
            request: fc.constantFrom('r1', 'r2'),
            erase: fc.option(fc.nat(12), { freq: 3 }),
          }),
          { maxLength: 15 },
        ),
        async (steps) => {
          const source = await newLog();
          for (const { stream, count, request, erase } of steps) {
            await source.append(stream, events(count, request), { expectedRevision: 'any' });
            if (erase !== null) await source.eraseBefore(stream, erase);
          }
          const archive = await exported(source);
          const target = await newLog();
          await imported(archive, target, { batchItems: 3 });
          expect(eventLines(await exported(target))).toEqual(eventLines(archive));
        },
      ),
      { numRuns: 25 },
    ));
});

/** A store that fails for good at its n-th write, as a process that is killed there. */
const dyingAt = (store: EventStore, writes: number): FillableLog => {
  let left = writes;
  const once = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (left-- <= 0) throw new Error('killed');
    return work();
  };
  return {
    readAll: (options) => store.readAll(options),
    readStream: (stream, options) => store.readStream(stream, options),
    appendMany: (items) => once(() => store.appendMany(items)),
    eraseBefore: (stream, revision) => once(() => store.eraseBefore(stream, revision)),
  };
};

describe('an import that was interrupted', () => {
  it('is finished by the next one, wherever it stopped', async () => {
    const source = await newLog();
    await fillLog(source, 5);
    const archive = await exported(source);
    let finished = false;
    for (let writes = 0; !finished; writes++) {
      const target = await newLog();
      await imported(archive, dyingAt(target, writes), { batchItems: 2 }).then(
        () => (finished = true),
        (error: Error) => expect(error.message).toBe('killed'),
      );
      const { events: count, found } = await imported(archive, target, { batchItems: 3 });
      expect(count).toBe(eventLines(archive).length);
      if (finished) expect(found).toBe(count);
      expect(eventLines(await exported(target))).toEqual(eventLines(archive));
    }
  });

  it('does nothing the second time', async () => {
    const source = await newLog();
    await fillLog(source);
    const archive = await exported(source);
    const target = await newLog();
    await imported(archive, target);
    const count = eventLines(archive).length;
    expect(await imported(archive, dyingAt(target, 0))).toEqual({ events: count, found: count });
  });
});

describe('an import is refused, and changes nothing,', () => {
  const prepared = async () => {
    const source = await newLog();
    await fillLog(source);
    return { archive: await exported(source), target: await newLog() };
  };

  it('by a store that holds something else', async () => {
    const { archive, target } = await prepared();
    await target.append('deployment-hearth', events(1), { expectedRevision: 'no_stream' });
    await expect(imported(archive, dyingAt(target, 0))).rejects.toMatchObject(refusal('store_not_empty'));
  });

  it('by a store that went on after the import', async () => {
    const { archive, target } = await prepared();
    await imported(archive, target);
    await target.append('thing-9', events(1), { expectedRevision: 'no_stream' });
    await expect(imported(archive, dyingAt(target, 0))).rejects.toMatchObject(refusal('store_not_empty'));
  });

  it('by a store in which events of the archive were erased', async () => {
    const { archive, target } = await prepared();
    await imported(archive, target);
    await target.eraseBefore('user_aa-1', 2);
    await expect(imported(archive, dyingAt(target, 0))).rejects.toMatchObject(refusal('store_not_empty'));
  });

  it('by a store that holds the beginning of another archive', async () => {
    const { archive, target } = await prepared();
    const [first] = (await newLogEvents(archive)).slice(0, 1);
    await target.append(first!.stream, [{ ...first!, data: { other: true } }], {
      expectedRevision: 'no_stream',
    });
    await expect(imported(archive, dyingAt(target, 0))).rejects.toMatchObject(refusal('store_not_empty'));
  });

  it('under another secret, or under none, before the store is opened', async () => {
    const archive = archiveOf([], { secret_fingerprint: '00112233aabbccdd' });
    const openStore = async () => expect.fail('the store was opened');
    for (const secretFingerprint of ['ffffffffffffffff', undefined]) {
      const target = await newLog();
      await expect(imported(archive, target, { openStore, secretFingerprint })).rejects.toMatchObject({
        ...refusal('secret_differs'),
        message: expect.stringContaining('HEARTH_SECRET'),
      });
    }
    const target = await newLog();
    expect(await imported(archive, target, { secretFingerprint: '00112233aabbccdd' })).toEqual({
      events: 0,
      found: 0,
    });
  });

  it('where the archive is damaged, before the store is opened', async () => {
    const { archive, target } = await prepared();
    archive[archive.length >> 1]! ^= 1;
    const openStore = async () => expect.fail('the store was opened');
    await expect(imported(archive, target, { openStore })).rejects.toMatchObject({ name: 'ArchiveError' });
  });

  it('where the events are not in the order of a log', async () => {
    const { target } = await prepared();
    const [a, b] = events(2);
    const archive = archiveOf([
      { ...a!, stream: 'a-1', revision: 1 },
      { ...b!, stream: 'a-1', revision: 0 },
    ]);
    await expect(imported(archive, target)).rejects.toMatchObject(refusal('append_refused'));
  });
});

const newLogEvents = async (archive: Buffer) =>
  eventLines(archive).map(
    (line) => JSON.parse(line) as ReturnType<typeof events>[number] & { stream: string },
  );
