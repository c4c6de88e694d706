import { createHttpApp, ReplyError } from '@hearth/nest-kit';
import { testService } from '@hearth/nest-kit/testing';
import { Controller, Module, Req } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';

import type { Endpoint } from '../domain/endpoint.ts';
import { addEndpoint, ServeEndpoint } from './serve-endpoint.ts';

const endpointAt = (path: `/${string}`): Endpoint => ({
  method: 'POST',
  path,
  permission: 'users.track',
  kind: 'write',
  summary: 'Answer, or fail',
  body: z.looseObject({}),
  responses: { 201: z.looseObject({}) },
});

const failures: Readonly<Record<string, unknown>> = {
  settled: new ReplyError({ status: 404, body: { message: 'Nobody' }, headers: { 'x-why': 'gone' } }),
  coded: Object.assign(new Error('away'), { code: 'unavailable' }),
  bug: new TypeError('undefined is not a function'),
  text: 'just a text',
  nothing: undefined,
  object: { message: 'success' },
};
const failAsAsked = async (request: FastifyRequest): Promise<never> => {
  throw failures[(request.body as { how: string }).how];
};

@Controller()
class FailingController {
  @ServeEndpoint(endpointAt('/through/nest'))
  fail(@Req() request: FastifyRequest): Promise<never> {
    return failAsAsked(request);
  }
}

@Module({ controllers: [FailingController] })
class FailingModule {}

const started = async (): Promise<FastifyInstance> => {
  const app = await createHttpApp(FailingModule, {
    ...testService(),
    fastify: (instance) => {
      addEndpoint(instance, endpointAt('/past/nest'), failAsAsked);
      addEndpoint(instance, endpointAt('/answer'), async (request, reply: FastifyReply) => {
        void reply.code(201).send({ got: request.body });
      });
    },
  });
  onTestFinished(() => app.close());
  return app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
};
const post = async (http: FastifyInstance, url: string, payload: object) => {
  const { statusCode, headers, body } = await http.inject({ method: 'POST', url, payload });
  return { statusCode, why: headers['x-why'], retry: headers['retry-after'], body };
};

describe('an endpoint past the router of Nest', () => {
  it('answers', async () => {
    const http = await started();
    expect(await post(http, '/answer', { a: 1 })).toMatchObject({ statusCode: 201, body: '{"got":{"a":1}}' });
  });

  it.each(Object.keys(failures))('fails as one that is reached through it: %s', async (how) => {
    const http = await started();
    const through = await post(http, '/through/nest', { how });
    expect(through.statusCode).toBeGreaterThanOrEqual(400);
    expect(await post(http, '/past/nest', { how })).toEqual(through);
  });
});
