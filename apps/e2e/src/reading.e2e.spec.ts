import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';

import { get, post, track } from './testing/client.ts';
import { startStack } from './testing/stack-processes.ts';

/** Somebody who waits to be told that an export is over. */
const callback = async () => {
  const told = Promise.withResolvers<unknown>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      response.end();
      told.resolve(JSON.parse(text));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, told: told.promise };
};

it('separate processes: what was written is read at once, listed, put into a segment and exported', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-reading-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { hearth } = await startStack({
    HEARTH_DATA_DIR: folder,
    HEARTH_ALLOW_PRIVATE_CALLBACKS: 'true',
  });
  const { url } = hearth;
  const ids = Array.from({ length: 40 }, (_, n) => `reader-${n}`);
  const time = new Date().toISOString();
  const written = await track(url, {
    attributes: ids.map((external_id, n) => ({ external_id, n })),
    events: ids.map((external_id, n) => ({ external_id, name: `event ${n % 3}`, time })),
  });
  expect(written.status).toBe(201);
  const min_position = written.headers.get('x-hearth-position')!;

  const exported = await post(url, '/users/export/ids', {
    external_ids: [...ids, 'nobody'],
    fields_to_export: ['external_id'],
    min_position,
  });
  expect(exported.status).toBe(201);
  expect(exported.body['users']).toHaveLength(ids.length);
  expect(exported.body['invalid_user_ids']).toEqual(['nobody']);
  expect((await get(url, '/events/list', { min_position })).body['events']).toEqual([
    'event 0',
    'event 1',
    'event 2',
  ]);

  const created = await post(url, '/hearth/segments/create', {
    name: 'upper half',
    filter: {
      and: [
        { custom_attribute: 'n', op: 'at_least', value: 20 },
        { custom_event: 'event 1', measure: 'last', op: 'after', value: { days_ago: 1 } },
      ],
    },
  });
  expect(created.status).toBe(201);
  const { id: segment_id } = created.body['segment'] as { id: string };
  const listed = await get(url, '/segments/list', {
    min_position: created.headers.get('x-hearth-position')!,
  });
  expect(listed.body['segments']).toMatchObject([{ id: segment_id, name: 'upper half' }]);

  const { url: callback_endpoint, told } = await callback();
  const started = await post(url, '/users/export/segment', {
    segment_id,
    fields_to_export: ['external_id'],
    callback_endpoint,
    output_format: 'gzip',
  });
  expect(started.status).toBe(201);
  expect(await told).toEqual({ success: true, url: started.body['url'] });
  const exportFolder = fileURLToPath(started.body['url'] as string);
  expect(await readdir(exportFolder)).toEqual(['000000.gz']);
  const lines = gunzipSync(await readFile(join(exportFolder, '000000.gz')))
    .toString()
    .trim()
    .split('\n');
  const members = lines.map((line) => (JSON.parse(line) as { external_id: string }).external_id);
  expect(new Set(members)).toEqual(new Set(ids.filter((_, n) => n >= 20 && n % 3 === 1)));
}, 120_000);
