import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ForbiddenAddress, guardedPost, isInside } from './guarded-post.ts';

/** A server on the loopback address that answers with a status and keeps what it was sent. */
const listening = async (status: number, headers: Record<string, string> = {}) => {
  const got: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      got.push(`${request.method} ${request.url} ${text}`);
      response.writeHead(status, headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { got, port: (server.address() as AddressInfo).port };
};
const post = guardedPost({ allowPrivate: false, timeoutMs: 5_000 });
const postAnywhere = guardedPost({ allowPrivate: true, timeoutMs: 5_000 });

describe('a callback', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1'])(
    'to %s is never made',
    async (host) => {
      const { got, port } = await listening(200);
      await expect(post(`http://${host}:${port}/`, {})).rejects.toBeInstanceOf(ForbiddenAddress);
      expect(got).toEqual([]);
    },
  );

  it('is a POST of JSON, where it is allowed', async () => {
    const { got, port } = await listening(204);
    await postAnywhere(`http://localhost:${port}/done?x=1`, { success: true });
    expect(got).toEqual(['POST /done?x=1 {"success":true}']);
  });

  it('follows no redirect', async () => {
    const target = await listening(200);
    const { port } = await listening(307, { location: `http://127.0.0.1:${target.port}/` });
    await expect(postAnywhere(`http://127.0.0.1:${port}/`, {})).rejects.toThrow('307');
    expect(target.got).toEqual([]);
  });

  it('is given up where nothing answers in time', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const impatient = guardedPost({ allowPrivate: true, timeoutMs: 50 });
    await expect(impatient(`http://127.0.0.1:${port}/`, {})).rejects.toThrow('aborted');
  });
});

it.each([
  ['10.1.2.3', true],
  ['172.16.0.1', true],
  ['192.168.1.1', true],
  ['169.254.169.254', true],
  ['100.64.0.1', true],
  ['168.63.129.16', true],
  ['192.88.99.1', true],
  ['3fff::1', true],
  ['0.0.0.0', true],
  ['224.0.0.1', true],
  ['255.255.255.255', true],
  ['::', true],
  ['fe80::1', true],
  ['fd00::1', true],
  ['64:ff9b::7f00:1', true],
  ['2002:7f00:1::', true],
  ['::ffff:8.8.8.8', true],
  ['8.8.8.8', false],
  ['168.63.129.17', false],
  ['172.32.0.1', false],
  ['2606:4700::1111', false],
])('%s is inside: %s', (address, expected) => {
  expect(isInside(address)).toBe(expected);
});
