import { Body, Controller, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { createHealth } from '../health/health.ts';
import { createMetrics } from '../health/metrics.ts';
import { silentLogger } from '../logging/logger.ts';
import { createHttpApp } from './http-app.ts';

@Controller('coffee')
class CoffeeController {
  @Post()
  brew(@Body() body: unknown): unknown {
    return { message: 'success', body };
  }
}

@Module({ controllers: [CoffeeController] })
class CoffeeModule {}

let app: NestFastifyApplication;
let port: number;
beforeEach(async () => {
  app = await createHttpApp(CoffeeModule, {
    logger: silentLogger,
    health: createHealth(),
    metrics: createMetrics('coffee'),
  });
  await app.listen(0, '127.0.0.1');
  port = Number(new URL(await app.getUrl()).port);
});
afterEach(() => app.close());

const MEGABYTE = 1024 * 1024;
const chunk = Buffer.alloc(64 * 1024, ' ');

/** A client that looks for the answer only once it has written everything, and what it then reads. */
const writeAllThenRead = async (headers: string, chunks: readonly (string | Buffer)[]): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  let read = '';
  socket.on('data', (data: Buffer) => (read += data.toString()));
  socket.pause();
  socket.write(`POST /coffee HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`);
  for (const part of chunks) if (!socket.write(part)) await once(socket, 'drain');
  socket.resume();
  await expect.poll(() => read).toContain('}');
  socket.destroy();
  return read;
};

const chunks = Array.from({ length: 80 }, () => chunk);

it('a client that says how much it sends, and sends all 5 MB, reads that it is too much', async () => {
  const read = await writeAllThenRead(`Content-Length: ${80 * chunk.length}`, chunks);
  expect(read).toContain('HTTP/1.1 413');
  expect(read).toContain('{"message":"Request Entity Too Large"}');
});

it('so does one that does not say how much it will be', async () => {
  const framed = chunks.flatMap((part) => [`${part.length.toString(16)}\r\n`, part, '\r\n']);
  expect(await writeAllThenRead('Transfer-Encoding: chunked', [...framed, '0\r\n\r\n'])).toContain(
    'HTTP/1.1 413',
  );
});

it('the connection stays: the next request on it is answered', async () => {
  const url = `http://127.0.0.1:${port}/coffee`;
  for (const [size, status] of [
    [5 * MEGABYTE, 413],
    [1, 201],
  ] as const) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: `"${'x'.repeat(size)}"` });
    expect(answer.status).toBe(status);
    await answer.text();
  }
});

it('one that never ends is cut off', async () => {
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.write(
    `POST /coffee HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${1024 * MEGABYTE}\r\n\r\n`,
  );
  let bytes = 0;
  for (; !socket.destroyed && bytes < 200 * MEGABYTE; bytes += chunk.length)
    if (!socket.write(chunk))
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
  expect(bytes).toBeLessThan(200 * MEGABYTE);
});

it('one that was refused for something else, and sends its body byte by byte, is cut off', async () => {
  const socket = connect(port, '127.0.0.1');
  const closed = once(socket, 'close');
  let read = '';
  socket.on('data', (data: Buffer) => (read += data.toString()));
  socket.on('error', () => undefined);
  socket.write(
    'POST /coffee HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n',
  );
  const trickle = setInterval(() => socket.write(' '), 100);
  await closed;
  clearInterval(trickle);
  expect(read).toContain('HTTP/1.1 415');
}, 20_000);
