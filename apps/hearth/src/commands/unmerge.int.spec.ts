import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import { hearth, newFolder } from '../testing/deployment.ts';

/** A server that answers as the endpoint does, and tells what it was asked. */
const start = async (status: number, answer: object) => {
  const asked: { path: string | undefined; body: unknown }[] = [];
  const server = createServer((request: IncomingMessage, reply) => {
    void text(request).then((body) => {
      asked.push({ path: request.url, body: JSON.parse(body) });
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = (user: string) =>
    hearth(newFolder(), ['unmerge', '--user', user, '--url', url, '--api-key', 'k']);
  return { asked, run };
};

describe('hearth unmerge', () => {
  it.each([
    ['external_id:a:b', { external_id: 'a:b' }],
    ['braze_id:00AAbbccddeeff0011223344', { braze_id: '00aabbccddeeff0011223344' }],
    ['user_alias:crm:42', { user_alias: { alias_label: 'crm', alias_name: '42' } }],
  ])('asks the server for %s and prints its answer', async (user, body) => {
    const answer = { message: 'success', restored_braze_id: 'a', kept_braze_id: 'b' };
    const { asked, run } = await start(201, answer);
    expect(await run(user)).toMatchObject({ code: 0, out: `${JSON.stringify(answer)}\n` });
    expect(asked).toEqual([{ path: '/hearth/users/unmerge', body }]);
  });

  it('says what the server refuses', async () => {
    const { run } = await start(400, { message: 'The user was not merged, and nobody was merged into it' });
    expect(await run('external_id:a')).toMatchObject({
      code: 1,
      err: expect.stringContaining('was not merged'),
    });
  });

  it('does not ask for an email, which many may have', async () => {
    const { asked, run } = await start(201, {});
    expect(await run('email:a@b.co')).toMatchObject({ code: 1, err: expect.stringContaining('braze_id') });
    expect(asked).toEqual([]);
  });
});
