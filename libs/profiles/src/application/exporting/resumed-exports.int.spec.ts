import type { ExportSegmentPage, JsonObject } from '@hearth/contracts';
import type { EventStore } from '@hearth/eventing';
import { silentLogger } from '@hearth/nest-kit';
import type { ProfileQueries } from '@hearth/profiles-client';
import { emptyWorkspace } from '@hearth/workspace';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ExportSegmentRequest } from '../../domain/export/export-segment-request.ts';
import { idOfKey } from '../../adapters/id-of-key.ts';
import { openLog, testFolder } from '../../testing/user-log.ts';
import { createLeases } from '../leases.ts';
import { createSegmentExports, type ExportPlace, type SegmentExports } from './export-segments.ts';

const FILTER = { field: 'email', op: 'exists' } as const;
const SEGMENT = { id: '00-of-these-tests', name: 's', description: '', tags: [], filter: FILTER };
const REQUEST: ExportSegmentRequest = {
  segment_id: SEGMENT.id,
  fields: ['email'],
  custom_attributes: undefined,
  callback: 'https://example.com/done',
  format: 'gzip',
};
const READ = { minPosition: undefined };

/** What lies outside of the processes: the files, who was called, and the leases of whoever owns the partition. */
const outside = () => {
  const whole = new Map<string, string[]>();
  const called: unknown[] = [];
  const leases = createLeases(() => Date.now());
  const placeFor = async (path: string): Promise<ExportPlace> => {
    const names: string[] = [];
    return {
      url: `file:///${path}`,
      put: async (name) => void names.push(name),
      finish: async () => void whole.set(path, names),
      discard: async () => undefined,
    };
  };
  return { whole, called, leases, placeFor };
};

type Outside = ReturnType<typeof outside>;

/** A process; `page` answers for the owners of users. */
const process = (
  store: EventStore,
  { called, leases, placeFor }: Outside,
  page: (query: ExportSegmentPage) => Promise<readonly JsonObject[]> = async () => [],
): SegmentExports => {
  const askOwnerOf = async (_: string, query: { query: string }): Promise<unknown> => {
    if (query.query === 'segment')
      return { users: await page(query as unknown as ExportSegmentPage), next: null };
    const { name, holder, milliseconds } = query as unknown as Parameters<typeof leaseOf>[0];
    return leaseOf({ name, holder, milliseconds });
  };
  const leaseOf = (asked: { name: string; holder: string; milliseconds: number }) => ({
    granted: leases.take(asked.name, asked.holder, asked.milliseconds),
  });
  return createSegmentExports({
    queries: { askOwnerOf, askAll: () => Promise.reject(new Error('unused')) } as unknown as ProfileQueries,
    clock: Date,
    workspace: { current: emptyWorkspace },
    timeoutMs: 1_000,
    baseCurrency: 'USD',
    store,
    segments: { get: () => ({ ...SEGMENT, archived: false, created_at: '', updated_at: '' }) },
    newId: randomUUID,
    idOf: idOfKey,
    logger: silentLogger,
    pack: async (_, text) => Buffer.from(text),
    placeFor,
    notify: async (address, body) => void called.push([address, body]),
  });
};

const stuck = (): Promise<readonly JsonObject[]> => new Promise(() => undefined);

describe('an export that a restart cut off', () => {
  it('is begun again by the next process, and whoever asked is told', async () => {
    const store = await openLog(testFolder());
    const world = outside();
    const reached = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<readonly JsonObject[]>();
    const first = process(store, world, () => {
      reached.resolve();
      return aborted.promise;
    });
    const answer = await first.start(REQUEST, READ);
    await reached.promise;
    const stopped = first.stop();
    aborted.resolve([]);
    await stopped;
    expect([world.whole.size, world.called]).toEqual([0, []]);

    const next = process(store, world);
    await next.resume();
    await expect.poll(() => world.called).toHaveLength(1);
    const { started } = answer as { started: { object_prefix: string; url: string } };
    expect([...world.whole.keys()]).toEqual([started.url.slice('file:///'.length)]);
    expect(world.called).toEqual([['https://example.com/done', { success: true, url: started.url }]]);
    await next.stop();

    await process(store, world).resume();
    expect(world.called).toHaveLength(1);
    const { events } = await store.readAll({ filter: { streamPrefixes: ['export-'] } });
    expect(events.map(({ type }) => type)).toEqual(['ExportFinished']);
  });

  it('is left to whoever runs it', async () => {
    const store = await openLog(testFolder());
    const world = outside();
    await process(store, world, stuck).start(REQUEST, READ);
    const other = process(store, world);
    const resuming = other.resume();
    await other.stop();
    await resuming;
    expect(world.called).toEqual([]);
  });
});

describe('an export that is asked for with a key', () => {
  it('is answered the same again, while it runs and afterwards, and another request is refused', async () => {
    const store = await openLog(testFolder());
    const world = outside();
    const page = Promise.withResolvers<readonly JsonObject[]>();
    const exports = process(store, world, () => page.promise);
    const [first, ...others] = await Promise.all(
      [1, 2, 3].map(() => exports.start(REQUEST, { ...READ, key: 'k' })),
    );
    const told = [first, ...others].flatMap((answer) =>
      typeof answer === 'object' && 'started' in answer ? [answer.started] : [],
    );
    const again = await exports.start(REQUEST, { ...READ, key: 'k' });
    expect(again).toEqual({ started: told[0] });
    page.resolve([]);
    await expect.poll(() => world.called).toHaveLength(1);
    await exports.stop();

    const later = process(store, world);
    expect(await later.start(REQUEST, { ...READ, key: 'k' })).toEqual({ started: told[0] });
    expect(await later.start({ ...REQUEST, format: 'zip' }, { ...READ, key: 'k' })).toBe('other_request');
    expect(world.called).toHaveLength(1);
  });
});
