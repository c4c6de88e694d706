import { createServer } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attributesUpdated } from '../../testing/profile-events.ts';
import { startReading, type ReadingService } from '../../testing/reading-service.ts';
import { appendTo, created, testFolder, userNumber } from '../../testing/user-log.ts';

/** Somebody who waits for callbacks. */
const waiting = async () => {
  const calls = Promise.withResolvers<unknown>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      response.end();
      calls.resolve(JSON.parse(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return {
    callback_endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    called: calls.promise,
  };
};

const start = async () => {
  const folder = testFolder();
  const service = await startReading({
    exportUrl: pathToFileURL(folder).href,
    allowPrivateCallbacks: true,
  });
  const { body } = await service.post('/hearth/segments/create', {
    name: 'even',
    filter: { custom_attribute: 'even', op: 'equals', value: true },
  });
  return { service, segment_id: (body['segment'] as { id: string }).id };
};

const people = async ({ store }: ReadingService, count: number): Promise<void> => {
  for (let n = 0; n < count; n++)
    await appendTo(
      store,
      userNumber(n),
      created(userNumber(n)),
      attributesUpdated({ fields: { first_name: `user ${n}` }, custom: { even: n % 2 === 0, n } }),
    );
};

/** What lies in the folder that a `file:` address names, as lines by file. */
const linesIn = (url: string): Record<string, unknown[]> => {
  const folder = fileURLToPath(url);
  return Object.fromEntries(
    readdirSync(folder).map((name) => {
      const text = gunzipSync(readFileSync(join(folder, name))).toString('utf8');
      const lines = text.split('\n').slice(0, -1);
      return [name, lines.map((line) => JSON.parse(line) as unknown)];
    }),
  );
};

describe('an export of a segment', () => {
  it('has the members of all owners, in files that are there whole, and says when it is over', async () => {
    const { service, segment_id } = await start();
    await people(service, 60);
    const { callback_endpoint, called } = await waiting();
    const { status, body } = await service.post('/users/export/segment', {
      segment_id,
      fields_to_export: ['external_id', 'first_name'],
      custom_attributes_to_export: ['n', 'missing'],
      callback_endpoint,
      output_format: 'gzip',
    });
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        message: 'success',
        object_prefix: expect.stringMatching(/^[0-9a-f-]{36}-\d+$/) as unknown,
        url: expect.stringContaining(`/segment-export/${segment_id}/`) as unknown,
      },
    });
    expect(await called).toEqual({ success: true, url: body['url'] });
    const expected = Array.from({ length: 30 }, (_, half) => ({
      external_id: `id-${userNumber(2 * half)}`,
      first_name: `user ${2 * half}`,
      custom_attributes: { n: 2 * half },
    }));
    const files = linesIn(body['url'] as string);
    expect(Object.keys(files)).toEqual(['000000.gz']);
    expect(files['000000.gz']).toHaveLength(30);
    expect(files['000000.gz']).toEqual(expect.arrayContaining(expected));
  });

  it('runs once at a time for a segment', async () => {
    const { service, segment_id } = await start();
    await people(service, 4);
    const first = await waiting();
    const body = { segment_id, fields_to_export: ['email'], callback_endpoint: first.callback_endpoint };
    const answers = await Promise.all([1, 2, 3].map(() => service.post('/users/export/segment', body)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 400, 400]);
    await first.called;
    await expect
      .poll(async () => (await service.post('/users/export/segment', body)).status, { timeout: 5_000 })
      .toBe(201);
  });

  it('is answered the same again for a key that was used before', async () => {
    const { service, segment_id } = await start();
    const { callback_endpoint, called } = await waiting();
    const body = { segment_id, fields_to_export: ['email'], callback_endpoint };
    const key = { 'idempotency-key': 'k' };
    const first = await service.post('/users/export/segment', body, key);
    expect(first.status).toBe(201);
    await called;
    expect(await service.post('/users/export/segment', body, key)).toEqual(first);
    const other = await service.post('/users/export/segment', { ...body, output_format: 'gzip' }, key);
    expect(other.status).toBe(409);
  });

  it.each<[unknown, string]>([
    [{}, "'segment_id' is required"],
    [{ segment_id: 'x' }, "'fields_to_export' is required"],
    [{ segment_id: 'x', fields_to_export: [] }, "'fields_to_export' is not valid"],
    [{ segment_id: 'x', fields_to_export: ['email'] }, "'segment_id' names no segment"],
    [
      { segment_id: 'x', fields_to_export: ['email'], callback_endpoint: 'ftp://x' },
      "'callback_endpoint' is not valid",
    ],
    [{ segment_id: 'x', fields_to_export: ['email'], output_format: 'rar' }, "'output_format' is not valid"],
    [
      {
        segment_id: 'x',
        fields_to_export: ['email'],
        custom_attributes_to_export: Array.from({ length: 501 }, String),
      },
      "'custom_attributes_to_export' is not valid",
    ],
  ])('%j is refused: %s', async (body, message) => {
    const service = await startReading({ partitions: ['00-ff'] });
    expect(await service.post('/users/export/segment', body)).toEqual({ status: 400, body: { message } });
  });
});
