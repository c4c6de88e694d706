import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createHealth, createMetrics, silentLogger } from '@hearth/nest-kit';
import { openApiDocument } from '@hearth/rest-api';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from './gateway.ts';
import { upstreams } from './routes.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const serve = async (handler: Handler): Promise<{ server: Server; url: string }> => {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

let ingestion: { server: Server; url: string };
let projection: { server: Server; url: string };
let gateway: FastifyInstance;
let url: string;
let handle: Handler;

beforeEach(async () => {
  handle = (_request, response) => void response.end('{}');
  ingestion = await serve((request, response) => handle(request, response));
  projection = await serve(
    (request, response) => void response.end(JSON.stringify({ from: 'projection', path: request.url })),
  );
  const health = createHealth();
  health.started();
  gateway = await createGateway({
    upstreams: upstreams({ ingestionUrl: ingestion.url, profileProjectionUrl: projection.url }),
    document: () => openApiDocument([]),
    logger: silentLogger,
    health,
    metrics: createMetrics('gateway'),
  });
  url = await gateway.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await gateway.close();
  for (const { server } of [ingestion, projection]) {
    server.closeAllConnections();
    server.close();
  }
});

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('the gateway', () => {
  it('says from where a call came, whatever the caller says of itself', async () => {
    let forwarded: unknown;
    handle = (request, response) => {
      forwarded = request.headers['x-forwarded-for'];
      response.end('{}');
    };
    await post('/users/track', '{}', { 'x-forwarded-for': '192.0.2.9' });
    expect(forwarded).toBe('127.0.0.1');
  });

  it('passes a request on as it is, and its answer back', async () => {
    let seen: unknown;
    handle = async (request, response) => {
      const { method, url: path, headers } = request;
      seen = {
        method,
        path,
        key: headers.authorization,
        id: headers['x-correlation-id'],
        body: await textOf(request),
      };
      response
        .writeHead(201, { 'x-hearth-position': 'p1', 'x-correlation-id': 'c1' })
        .end('{"message":"success"}');
    };
    const answer = await post('/users/track?a=%2Fb', '{ "broken', {
      authorization: 'Bearer k',
      'x-correlation-id': 'c1',
    });
    expect(seen).toEqual({
      method: 'POST',
      path: '/users/track?a=%2Fb',
      key: 'Bearer k',
      id: 'c1',
      body: '{ "broken',
    });
    expect([answer.status, await answer.text()]).toEqual([201, '{"message":"success"}']);
    expect(answer.headers.get('x-hearth-position')).toBe('p1');
    expect(answer.headers.get('x-correlation-id')).toBe('c1');
  });

  it('gives a request that has none a correlation id', async () => {
    handle = (request, response) => void response.end(JSON.stringify(request.headers['x-correlation-id']));
    expect(await (await post('/users/track', '{}')).json()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('passes refusals on, whatever the content type', async () => {
    handle = (request, response) => {
      request.resume();
      response
        .writeHead(415, { 'content-type': 'application/json' })
        .end('{"message":"Unsupported Media Type"}');
    };
    const answer = await post('/users/track', '<xml/>', { 'content-type': 'text/xml' });
    expect([answer.status, await answer.json()]).toEqual([415, { message: 'Unsupported Media Type' }]);
  });

  it('sends the more exact path to its own service', async () => {
    expect(await (await post('/users/export/ids', '{}')).json()).toEqual({
      from: 'projection',
      path: '/users/export/ids',
    });
  });

  it('streams: an answer begins before it is complete', async () => {
    let finish: (() => void) | undefined;
    handle = (_request, response) => {
      response.write('first\n');
      finish = () => void response.end('last\n');
    };
    const answer = await post('/users/track', '{}');
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('first\n');
    finish!();
    expect((await reader.read()).value).toBe('last\n');
  });

  it('does not know other paths', async () => {
    const answer = await post('/nothing', '{}');
    expect([answer.status, await answer.json()]).toEqual([404, { message: 'Not Found' }]);
  });

  it('shows the document of all services, and a page of it, by itself', async () => {
    handle = (_request, response) => void response.writeHead(404).end();
    const shown = await fetch(`${url}/openapi.json`);
    expect([shown.status, await shown.json()]).toEqual([200, openApiDocument([])]);
    const page = await fetch(`${url}/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('answers 503 with Retry-After while a service is away', async () => {
    ingestion.server.closeAllConnections();
    ingestion.server.close();
    await once(ingestion.server, 'close');
    const answer = await post('/users/track', '{}');
    expect([answer.status, await answer.json()]).toEqual([503, { message: 'Service Unavailable' }]);
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('does not invite a retry of a write that a service broke off', async () => {
    let requests = 0;
    handle = (request) => {
      requests++;
      request.socket.destroy();
    };
    const answer = await post('/users/track', '{}');
    expect(answer.status).toBe(504);
    expect(answer.headers.get('retry-after')).toBeNull();
    expect(requests).toBe(1);
  });

  it("passes a service's own 503 on, without trying again by itself", async () => {
    let requests = 0;
    handle = (_request, response) => {
      requests++;
      response.writeHead(503, { 'retry-after': '7' }).end('{"message":"Service Unavailable"}');
    };
    const answer = await fetch(`${url}/users/x`);
    expect([answer.status, answer.headers.get('retry-after'), requests]).toEqual([503, '7', 1]);
  });

  it('is ready when every service is', async () => {
    const readiness = async () => {
      const answer = await fetch(`${url}/health/ready`);
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    expect(await readiness()).toMatchObject({
      status: 200,
      checks: { ingestion: 'ok', 'profile-projection': 'ok' },
    });
    handle = (_request, response) => void response.writeHead(503).end();
    expect(await readiness()).toMatchObject({ status: 503, checks: { ingestion: 'answers 503' } });
  });
});

it.each([
  ['says how much it sends', { 'content-length': String(6 * 1024 * 1024) }],
  ['does not say it', { 'transfer-encoding': 'chunked' }],
])(
  'a client that %s reads that its body was refused, before it has sent all of it',
  async (_how, headers) => {
    handle = (request, response) => {
      request.resume();
      response.writeHead(413, { 'content-type': 'application/json' });
      response.end('{"message":"Request Entity Too Large"}');
    };
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let read = '';
    let failure: Error | undefined;
    socket.on('error', (error) => (failure = error));
    socket.on('data', (data: Buffer) => (read += data.toString()));
    const lines = Object.entries({ host: 'x', 'content-type': 'application/json', ...headers });
    socket.write(
      `POST /users/track HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    );
    const part = Buffer.alloc(64 * 1024, ' ');
    for (let sent = 0; sent < 6 * 1024 * 1024 && !failure; sent += part.length) {
      if ('transfer-encoding' in headers) socket.write('10000\r\n');
      socket.write(part);
      if ('transfer-encoding' in headers) socket.write('\r\n');
      await new Promise(setImmediate);
    }
    await expect.poll(() => read).toContain('{"message":"Request Entity Too Large"}');
    expect(failure).toBeUndefined();
    socket.destroy();
  },
);
