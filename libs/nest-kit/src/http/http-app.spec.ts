import { gzipSync } from 'node:zlib';
import { Body, Controller, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EventStoreUnavailable } from '@hearth/eventing';
import { MessagingError } from '@hearth/messaging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHealth, type Health } from '../health/health.ts';
import { createMetrics } from '../health/metrics.ts';
import { createLogger } from '../logging/logger.ts';
import { ReplyError } from './error-reply.ts';
import { createHttpApp } from './http-app.ts';

class OutOfMilk extends Error {
  readonly code = 'out_of_milk';
}

const failures: Record<string, () => Error> = {
  bug: () => new TypeError('Cannot read properties of undefined (password=hunter2)'),
  unavailable: () => new EventStoreUnavailable('KurrentDB at 10.0.0.1 is away'),
  no_responders: () => new MessagingError('no_responders', 'nobody serves profiles.read.x'),
  disconnected: () => new MessagingError('disconnected', 'NATS is away'),
  timeout: () => new MessagingError('timeout', 'no answer'),
  connection_lost: () => new MessagingError('connection_lost', 'NATS went away'),
  answered: () => new MessagingError('no_responders', 'the responder found nobody', { answered: true }),
  out_of_milk: () => new OutOfMilk('no milk'),
  unheard_of: () => Object.assign(new Error('x'), { code: 'unheard_of' }),
  reply: () => new ReplyError({ status: 401, body: { message: 'Invalid API Key' } }),
};

@Controller('coffee')
class CoffeeController {
  @Post()
  brew(@Body() body: unknown): unknown {
    return { message: 'success', body };
  }
}

/** Fails as the body says, so that the spec needs no reflected parameters. */
@Controller('failures')
class FailuresController {
  @Post()
  fail(@Body() body: { how: string }): never {
    throw failures[body.how]!();
  }
}

@Module({ controllers: [CoffeeController, FailuresController] })
class CoffeeModule {}

let app: NestFastifyApplication;
let health: Health;
let lines: string[];

beforeEach(async () => {
  lines = [];
  health = createHealth();
  app = await createHttpApp(CoffeeModule, {
    logger: createLogger({
      service: 'coffee',
      level: 'info',
      format: 'json',
      write: (line) => void lines.push(line),
    }),
    health,
    metrics: createMetrics('coffee'),
    errors: { out_of_milk: { status: 409, body: { message: 'No milk', errors: [] } } },
    fastify: (instance) =>
      instance.addHook('onRequest', (request, _reply, done) =>
        done(
          request.headers.authorization !== 'none'
            ? undefined
            : new ReplyError({ status: 401, body: { message: 'Invalid API Key' } }),
        ),
      ),
  });
});
afterEach(() => app.close());

const post = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } });
const failing = (how: string) => post('/failures', JSON.stringify({ how }));

describe('an HTTP application', () => {
  it('answers JSON bodies', async () => {
    const answer = await post('/coffee', '{"sugar":2}');
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ message: 'success', body: { sugar: 2 } });
    expect(lines).toEqual([]);
  });

  it.each(['/coffee/', '/tea', '/Coffee', '/%E0%A4%A'])('does not know the path %s', async (url) => {
    const answer = await post(url, '{}');
    expect([answer.statusCode, answer.json()]).toEqual([404, { message: 'Not Found' }]);
    expect(answer.headers['x-correlation-id']).toBeDefined();
  });

  it('checks route, key, type, size and syntax of a body in this order', async () => {
    const text = { 'content-type': 'text/plain' };
    const json = { 'content-type': 'application/json' };
    const none = { authorization: 'none' };
    const tooLarge = `"${'x'.repeat(4 * 1024 * 1024)}"`;
    const outcomes = [
      await post('/tea', '{', { ...none, ...text }),
      await post('/tea', '{'),
      await post('/tea', tooLarge),
      await app.inject({ method: 'PUT', url: '/coffee', payload: '{', headers: json }),
      await post('/coffee', '{', { ...none, ...text }),
      await post('/coffee', tooLarge, text),
      await post('/coffee', tooLarge),
      await post('/coffee', '{'),
    ].map((answer) => [answer.statusCode, answer.json<{ message: string }>().message]);
    expect(outcomes).toEqual([
      ...Array.from({ length: 4 }, () => [404, 'Not Found']),
      [401, 'Invalid API Key'],
      [415, 'Unsupported Media Type'],
      [413, 'Request Entity Too Large'],
      [400, 'Error while parsing request body. Please check your syntax.'],
    ]);
  });

  it('gives a request two minutes to arrive', () => {
    expect(app.getHttpServer()).toMatchObject({ requestTimeout: 120_000 });
  });

  it('says of a compressed body that it is taken as it is only', async () => {
    const answer = await post('/coffee', gzipSync('{}'), { 'content-encoding': 'gzip' });
    expect([answer.statusCode, answer.json()]).toEqual([
      415,
      { message: 'Unsupported Media Type: a body is taken as it is, and not with Content-Encoding "gzip"' },
    ]);
    expect((await post('/coffee', '{}', { 'content-encoding': 'identity' })).statusCode).toBe(201);
  });

  it('says in both fields that a body is no JSON', async () => {
    const text = 'Error while parsing request body. Please check your syntax.';
    expect((await post('/coffee', '{"a":')).json()).toEqual({ message: text, error: text });
  });

  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xe9, 0x22])],
    ['a byte order mark', Buffer.from('\uFEFF{}')],
  ])('takes %s for broken JSON', async (_, payload) => {
    const text = 'Error while parsing request body. Please check your syntax.';
    const answer = await post('/coffee', payload);
    expect([answer.statusCode, answer.json()]).toEqual([400, { message: text, error: text }]);
  });

  it.each(['unavailable', 'no_responders', 'disconnected'])(
    'answers 503 with Retry-After to %s',
    async (how) => {
      const answer = await failing(how);
      expect([answer.statusCode, answer.json()]).toEqual([503, { message: 'Service Unavailable' }]);
      expect(answer.headers['retry-after']).toBe('1');
    },
  );

  it.each(['timeout', 'connection_lost', 'answered'])('invites no blind retry after %s', async (how) => {
    const answer = await failing(how);
    expect(answer.statusCode).toBe(504);
    expect(answer.headers).not.toHaveProperty('retry-after');
  });

  it("maps a context's own code as its table says, and a settled answer as it stands", async () => {
    const milk = await failing('out_of_milk');
    expect([milk.statusCode, milk.json()]).toEqual([409, { message: 'No milk', errors: [] }]);
    expect((await failing('reply')).statusCode).toBe(401);
  });

  it.each(['bug', 'unheard_of'])('tells nothing of the inside on %s, and logs it', async (how) => {
    const answer = await post('/failures', JSON.stringify({ how }), { 'x-correlation-id': 'trace-7' });
    expect([answer.statusCode, answer.json()]).toEqual([500, { message: 'Internal Server Error' }]);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'error',
      correlationId: 'trace-7',
      path: '/failures',
    });
  });

  it('echoes a sane correlation id and makes one otherwise', async () => {
    const idOf = async (headers: Record<string, string>) =>
      (await post('/coffee', '{}', headers)).headers['x-correlation-id'];
    expect(await idOf({ 'x-correlation-id': 'abc-1' })).toBe('abc-1');
    expect(await idOf({ 'x-request-id': 'req/2' })).toBe('req/2');
    for (const odd of ['has space', 'x'.repeat(129), 'é', ''])
      expect(await idOf({ 'x-correlation-id': odd })).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('health', () => {
  const ready = async () => {
    const answer = await app.inject('/health/ready');
    return { status: answer.statusCode, ...answer.json<{ checks: Record<string, string> }>() };
  };

  it('is live at once, and ready when started and every check passes', async () => {
    let store: boolean | string = 'the event store cannot be reached';
    health.check('eventStore', () => store);
    expect((await app.inject('/health/live')).statusCode).toBe(200);
    expect(await ready()).toMatchObject({ status: 503, checks: { process: 'starting', eventStore: store } });
    health.started();
    expect((await ready()).status).toBe(503);
    store = true;
    expect(await ready()).toMatchObject({ status: 200, checks: { process: 'ok', eventStore: 'ok' } });
    health.stopping();
    health.started();
    expect(await ready()).toMatchObject({ status: 503, checks: { process: 'stopping' } });
  });

  it('takes a check that throws for one that fails', async () => {
    health.started();
    health.check('disk', () => Promise.reject(new Error('is gone')));
    expect(await ready()).toMatchObject({ status: 503, checks: { disk: 'is gone' } });
  });

  it('counts answers by route template, so that no caller can make series', async () => {
    await post('/coffee', '{}');
    await post('/coffee/1', '{}');
    await post('/coffee/2', '{}');
    const text = (await app.inject('/metrics')).body;
    expect(text).toMatch(/hearth_http_request_duration_seconds_count\{.*route="\/coffee",status="201".*\} 1/);
    expect(text).toMatch(/hearth_http_request_duration_seconds_count\{.*route="unknown",status="404".*\} 2/);
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toContain('/coffee/1');
  });
});
