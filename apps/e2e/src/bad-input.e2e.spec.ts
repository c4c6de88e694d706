import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readLog } from './testing/check-log.ts';
import { post, track, trackSync } from './testing/client.ts';
import { API_KEY, freePort, startHearth, type HearthProcess } from './testing/hearth-process.ts';

let hearth: HearthProcess;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-bad-input-'));
  hearth = await startHearth('embedded', { HEARTH_DATA_DIR: folder, HEARTH_PORT: String(await freePort()) });
});
afterAll(async () => {
  hearth.kill('SIGTERM');
  await hearth.exited;
  await rm(folder, { recursive: true });
});

const nested = (levels: number): string => `${'{"k":'.repeat(levels)}1${'}'.repeat(levels)}`;
const object = (fields: string): string => `{"attributes":[{"external_id":"bad",${fields}}]}`;

/** Bodies of which nothing may reach the log, and the status each gets. */
const refused: readonly (readonly [string, string, number])[] = [
  ['malformed JSON', '{"attributes":[{', 400],
  ['no body at all', '', 400],
  ['JSON that is no object', '[1]', 400],
  ['duplicate keys', object('"x":1,"x":2'), 400],
  ['a duplicate identifier', '{"attributes":[{"external_id":"bad","external_id":"worse","x":1}]}', 400],
  ['NUL in a value', object('"x":"a\\u0000b"'), 400],
  ['NUL in a key', object('"a\\u0000b":1'), 400],
  ['NUL in the external_id', '{"attributes":[{"external_id":"ba\\u0000d","x":1}]}', 400],
  ['a lone surrogate', object('"x":"\\ud800"'), 400],
  ['100 levels', object(`"x":${nested(100)}`), 400],
  ['100,000 levels', object(`"x":${nested(100_000)}`), 400],
  ['__proto__', object('"__proto__":{"admin":true}'), 400],
  ['a field that only Braze writes', object('"email_subscription_info":{}'), 400],
  ['__proto__ deep inside', object('"x":{"y":{"__proto__":{"admin":true}}}'), 400],
  ['an external_id of 988 bytes', `{"attributes":[{"external_id":"${'x'.repeat(988)}","x":1}]}`, 400],
  ['an external_id that is no text', '{"attributes":[{"external_id":{"a":1},"x":1}]}', 400],
  [
    'a time before all time',
    '{"events":[{"external_id":"bad","name":"e","time":"-0001-01-01T00:00:00Z"}]}',
    400,
  ],
  ['a time that is none', '{"events":[{"external_id":"bad","name":"e","time":"yesterday"}]}', 400],
  [
    'a number beyond all numbers',
    '{"purchases":[{"external_id":"bad","product_id":"p","currency":"USD","price":1e999,"time":"2024-01-01"}]}',
    400,
  ],
];

describe('bad input', () => {
  it.each(refused)(
    '%s is refused with its status, and nothing of it is stored',
    async (_what, body, status) => {
      for (const path of ['/users/track', '/users/track/sync']) {
        const answer = await post(hearth.url, path, body);
        expect(answer).toMatchObject({ status });
        expect(answer.body.message).toBeTypeOf('string');
        expect(JSON.stringify(answer.body)).not.toMatch(/\bat .+\.(js|ts)/);
      }
    },
  );

  it.each([
    ['a wrong content type', { contentType: 'text/plain' }, 415],
    ['no content type', { contentType: null }, 415],
    ['no key', { key: null }, 401],
    ['an unknown key', { key: 'unknown' }, 401],
  ])('%s is refused before the body is looked at', async (_what, options, status) => {
    const answer = await post(hearth.url, '/users/track', '{"broken', options);
    expect(answer.status).toBe(status);
  });

  it.each(['/users/track/', '/users', '/nothing', '/users/track/sync/x', '/__proto__'])(
    '%s is nowhere',
    async (path) => {
      expect(await post(hearth.url, path, {})).toMatchObject({
        status: 404,
        body: { message: expect.any(String) },
      });
    },
  );

  it('an array that is none is refused by /users/track', async () => {
    const answer = await track(hearth.url, { attributes: { external_id: 'bad', x: 1 } });
    expect(answer.status).toBe(400);
  });

  it('a time after all time has happened now', async () => {
    const before = new Date().toISOString();
    const { body } = await trackSync(hearth.url, {
      events: { external_id: 'good', name: 'e', time: '99999-01-01T00:00:00Z' },
    });
    const { last } = (body['users'] as { custom_events: { last: string }[] }[])[0]!.custom_events[0]!;
    expect(last >= before && last <= new Date().toISOString()).toBe(true);
  });

  it('a body that ends in the middle leaves the server well', async () => {
    const { connect } = await import('node:net');
    const { port } = new URL(hearth.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /users/track HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${API_KEY}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"attributes":[{"external_id":"bad",`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await trackSync(hearth.url, { attributes: { external_id: 'good', x: 1 } })).status).toBe(201);
  });

  it('next to good objects hurts none of them', async () => {
    const { status, body } = await track(
      hearth.url,
      '{"attributes":[{"external_id":"good","y":1},{"external_id":"bad","__proto__":1},{"external_id":"good","z":1}]}',
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({
      attributes_processed: 2,
      errors: [{ input_array: 'attributes', index: 1 }],
    });
  });

  it('leaves nothing in the log', async () => {
    const log = await readLog(join(folder, 'events.db'));
    const names = log.flatMap(({ type, data }) =>
      type === 'UserCreated' ? [(data as { identifier: { value: string } }).identifier.value] : [],
    );
    expect(names).toEqual(['good']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});
