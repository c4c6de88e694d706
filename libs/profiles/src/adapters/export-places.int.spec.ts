import type { ExportSegmentPage, JsonObject, ProfileQueryReplies } from '@hearth/contracts';
import type { ProfileQueries } from '@hearth/profiles-client';
import { createServer } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExportPlace } from '../application/exporting/export-segments.ts';
import { writeSegmentExport } from '../application/exporting/segment-export.ts';
import { testFolder } from '../testing/user-log.ts';
import { exportPlaces } from './export-places.ts';
import { packFile } from './pack-file.ts';

const PAGE = 500;

/** Owners of so many users, spread over all partitions; `beforePage` may fail. */
const ownersOf = (
  count: number,
  beforePage: (partition: string) => void = () => undefined,
): ProfileQueries => {
  const users = Array.from({ length: count }, (_, n) => ({ n, partition: n % 256 }));
  const page = ({ partition, after = '' }: ExportSegmentPage): ProfileQueryReplies['segment'] => {
    beforePage(partition);
    const own = users.filter((user) => user.partition === parseInt(partition, 16));
    const from = after === '' ? 0 : Number(after);
    const shown: JsonObject[] = own.slice(from, from + PAGE).map(({ n }) => ({ n }));
    return { users: shown, next: from + PAGE < own.length ? String(from + PAGE) : null };
  };
  return {
    askAll: () => Promise.reject(new Error('nobody asks everybody')),
    askOwnerOf: ((_: string, query: ExportSegmentPage) =>
      Promise.resolve().then(() => page(query))) as ProfileQueries['askOwnerOf'],
  };
};

const write = (place: ExportPlace, queries: ProfileQueries) =>
  writeSegmentExport(
    {
      queries,
      target: place,
      pack: packFile,
      holdOn: () => Promise.resolve(),
      timeoutMs: 1_000,
      signal: new AbortController().signal,
    },
    {
      filter: { field: 'email', op: 'exists' },
      options: { now: '2024-01-01T00:00:00.000Z', base_currency: 'USD' },
      format: 'gzip',
      minPosition: '',
    },
  );

describe('a folder', () => {
  it('gets files of 5,000 users, and its name once all of them are there', async () => {
    const folder = testFolder();
    const place = await exportPlaces(pathToFileURL(folder).href)('a/b');
    const seen = new Set<string>();
    const written = await write(
      place,
      ownersOf(12_003, () => readdirSync(join(folder, 'a')).forEach((name) => seen.add(name))),
    );
    expect(written).toEqual({ users: 12_003, files: 3 });
    expect([...seen]).toEqual([expect.stringMatching(/^b\..*\.partial$/)]);
    expect(readdirSync(join(folder, 'a'))).toEqual(['b']);
    const lines = readdirSync(join(folder, 'a', 'b')).map((name) =>
      gunzipSync(readFileSync(join(folder, 'a', 'b', name)))
        .toString()
        .split('\n')
        .slice(0, -1),
    );
    expect(lines.map(({ length }) => length)).toEqual([5_000, 5_000, 2_003]);
    expect(new Set(lines.flat()).size).toBe(12_003);
    expect(place.url).toBe(pathToFileURL(join(folder, 'a', 'b')).href);
  });

  it('has nothing that looks whole where the export fails halfway', async () => {
    const folder = testFolder();
    const place = await exportPlaces(pathToFileURL(folder).href)('a/b');
    const owners = ownersOf(12_003, (partition) => {
      if (partition === 'f0') throw new Error('gone');
    });
    await expect(write(place, owners)).rejects.toThrow('gone');
    expect(readdirSync(join(folder, 'a'))).toEqual([expect.stringMatching(/^b\..*\.partial$/)]);
    await place.discard();
    expect(readdirSync(join(folder, 'a'))).toEqual([]);
  });

  it('gets one empty file where nobody belongs', async () => {
    const folder = testFolder();
    const place = await exportPlaces(pathToFileURL(folder).href)('b');
    expect(await write(place, ownersOf(0))).toEqual({ users: 0, files: 1 });
  });
});

describe('an object store', () => {
  /** A store that refuses its first call. */
  const store = async (status: number) => {
    const stored: string[] = [];
    let calls = 0;
    const server = createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        const first = ++calls === 1;
        if (!first || status === 200) stored.push(`${request.method} ${request.url}`);
        response.writeHead(first ? status : 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return { stored, place: await exportPlaces(`http://127.0.0.1:${port}/bucket?sig=s`)('a/b') };
  };

  it.each([200, 503])('gets each file, and a manifest last; it first answers %s', async (status) => {
    const { stored, place } = await store(status);
    await write(place, ownersOf(5_001));
    expect(place.url).toBeUndefined();
    expect(stored).toEqual([
      'PUT /bucket/a/b/000000.gz?sig=s',
      'PUT /bucket/a/b/000001.gz?sig=s',
      'PUT /bucket/a/b/manifest.json?sig=s',
    ]);
  });

  it('that refuses for good ends the export without a manifest', async () => {
    const { stored, place } = await store(403);
    await expect(write(place, ownersOf(5_001))).rejects.toThrow('000000.gz could not be stored');
    expect(stored).toEqual([]);
  });
});
