import { Controller, Module, type INestMicroservice, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { inProcessBus, type Messaging } from '@hearth/messaging';
import { of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessagingContext } from './messaging-strategy.ts';
import { connectMessaging, MessagingStrategy, PassErrorsOn } from './messaging-strategy.ts';

const PATIENT = { timeoutMs: 20_000 } as const;

let held = Promise.withResolvers<void>();
let arrived = Promise.withResolvers<void>();
let heard = Promise.withResolvers<unknown>();
let failed = Promise.withResolvers<void>();
let starts = 0;

@Controller()
class GreetingController implements OnModuleInit {
  onModuleInit() {
    starts++;
  }

  @MessagePattern('greet.one')
  greet(@Payload() name: unknown, @Ctx() { subject, headers, deadline }: MessagingContext) {
    return { hello: name, subject, headers, hasDeadline: Number.isFinite(deadline) };
  }

  @MessagePattern('greet.stream')
  stream() {
    return of('one', 'two');
  }

  @MessagePattern('greet.refuse')
  refuse(): string {
    throw Object.assign(new Error('no such user'), { code: 'user_deleted' });
  }

  @MessagePattern('greet.fail')
  async fail(): Promise<string> {
    throw new Error('password is hunter2');
  }

  @MessagePattern('greet.slowly')
  async slowly() {
    arrived.resolve();
    await held.promise;
    return 'slowly';
  }

  @EventPattern<string>('greeted.*')
  greeted(@Payload() payload: unknown, @Ctx() context: MessagingContext) {
    if (payload === 'bad') throw new Error('cannot hear');
    heard.resolve([payload, context.subject, context.deadline]);
  }
}

@Module({ controllers: [GreetingController] })
class GreetingModule {}

describe('Nest message handlers on Messaging', () => {
  let bus: ReturnType<typeof inProcessBus>;
  let asking: Messaging;
  let failures: unknown[];
  let app: INestMicroservice;

  beforeEach(async () => {
    held = Promise.withResolvers();
    arrived = Promise.withResolvers();
    heard = Promise.withResolvers();
    failed = Promise.withResolvers();
    starts = 0;
    failures = [];
    bus = inProcessBus();
    asking = bus.connect();
    const serving = bus.connect({
      handlerFailed: (error) => {
        failures.push(error);
        failed.resolve();
      },
    });
    app = await NestFactory.createMicroservice(GreetingModule, {
      strategy: new MessagingStrategy(serving),
      logger: false,
    });
    app.useGlobalFilters(new PassErrorsOn());
    await app.listen();
  });
  afterEach(() => app.close());

  it('answer requests and know what they handle', async () => {
    const headers = { correlationId: 'c', causationId: 'd' };
    expect(await asking.request('greet.one', 'Ada', { ...PATIENT, headers })).toEqual({
      hello: 'Ada',
      subject: 'greet.one',
      headers,
      hasDeadline: true,
    });
    expect(await asking.request('greet.stream', null, PATIENT)).toBe('two');
  });

  it('keep the codes of their errors, and the text of others to themselves', async () => {
    await expect(asking.request('greet.refuse', null, PATIENT)).rejects.toMatchObject({
      code: 'user_deleted',
      message: 'no such user',
      answered: true,
    });
    const error: unknown = await asking
      .request('greet.fail', null, PATIENT)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'internal' });
    expect((error as Error).message).not.toContain('hunter2');
    expect(failures).toMatchObject([{ message: 'password is hunter2' }]);
  });

  it('hear what is published, and one that fails is told to the hook', async () => {
    asking.publish('greeted.badly', 'bad');
    asking.publish('greeted.today', { name: 'Ada' });
    expect(await heard.promise).toEqual([{ name: 'Ada' }, 'greeted.today', Infinity]);
    await failed.promise;
    expect(failures).toMatchObject([{ message: 'cannot hear' }]);
  });

  it('closing takes nothing new and waits for what is in flight', async () => {
    const answer = asking.request('greet.slowly', null, PATIENT);
    await arrived.promise;
    let closed = false;
    const closing = app.close().then(() => (closed = true));
    await expect(asking.request('greet.one', null, PATIENT)).rejects.toMatchObject({ code: 'no_responders' });
    expect(closed).toBe(false);
    held.resolve();
    expect(await answer).toBe('slowly');
    await closing;
  });

  it('refuse a pattern that is no subject at the start', async () => {
    const strategy = new MessagingStrategy(bus.connect());
    strategy.addHandler('greet me', async () => 'hello');
    let problem: unknown;
    await strategy.listen((error) => (problem = error));
    expect(problem).toMatchObject({ code: 'invalid_subject' });
  });

  it('join an HTTP application, whose modules start once', async () => {
    starts = 0;
    const http = await NestFactory.create(GreetingModule, new FastifyAdapter(), { logger: false });
    await http.init();
    const other = inProcessBus();
    connectMessaging(http, other.connect(), { queue: 'greeters' });
    await http.startAllMicroservices();
    const client = other.connect();
    await expect(client.request('greet.refuse', null, PATIENT)).rejects.toMatchObject({
      code: 'user_deleted',
    });
    expect(await client.request('greet.stream', null, PATIENT)).toBe('two');
    expect(starts).toBe(1);
    await http.close();
    await expect(client.request('greet.one', null, PATIENT)).rejects.toMatchObject({ code: 'no_responders' });
  });
});
