import { MessagingError, wasNeverDelivered, type MessageContext, type Messaging } from '@hearth/messaging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gate, PATIENT, type MessagingFixture, type OpenMessaging } from './fixture.ts';

/** The promises of the `Messaging` port. Every adapter runs them, with two ends of one wire. */
export const messagingContract = (name: string, open: OpenMessaging): void => {
  describe(`${name} keeps the promises of Messaging`, () => {
    let wire: MessagingFixture;
    let asking: Messaging;
    let serving: Messaging;

    const begin = async (options?: { maxPayloadBytes?: number }) => {
      wire = await open(options);
      asking = await wire.connect();
      serving = await wire.connect();
    };
    beforeEach(() => begin());
    afterEach(async () => {
      await Promise.all([asking.close(), serving.close()]);
      await wire.close();
    });
    const serve = async (subject: string, handler: Parameters<Messaging['respond']>[1], queue?: string) => {
      const registration = serving.respond(subject, handler, queue === undefined ? {} : { queue });
      await serving.flush();
      return registration;
    };

    describe('requests', () => {
      it('are answered with any JSON value', async () => {
        await serve('echo.value', (payload) => payload);
        for (const value of [null, 0, -1.5, 'añ€😀', true, [], {}, [1, { a: [null] }], { a: { b: 'c' } }])
          expect(await asking.request('echo.value', value, PATIENT)).toEqual(value);
      });

      it('carry what JSON carries: undefined is left out, or null', async () => {
        await serve('echo.value', (payload) => payload);
        expect(await asking.request('echo.value', undefined, PATIENT)).toBeNull();
        expect(await asking.request('echo.value', { a: undefined, b: [undefined, NaN] }, PATIENT)).toEqual({
          b: [null, null],
        });
        const hostile: unknown = JSON.parse('{"__proto__": {"admin": true}}');
        const back = await asking.request<object>('echo.value', hostile, PATIENT);
        expect(Object.keys(back)).toEqual(['__proto__']);
        expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
      });

      it('share no memory with their handlers', async () => {
        const kept = { list: [1] };
        const sent = { list: [1] };
        await serve('change.it', (payload) => {
          (payload as typeof sent).list.push(2);
          return kept;
        });
        const answer = await asking.request<typeof kept>('change.it', sent, PATIENT);
        answer.list.push(3);
        expect([sent.list, kept.list]).toEqual([[1], [1]]);
      });

      it('tell the handler their subject, ids and deadline', async () => {
        const seen = gate<MessageContext>();
        await serve('tell.me', (_, context) => seen.resolve(context));
        const headers = { correlationId: 'c 1', causationId: 'ä%\r\nX: y' };
        const before = Date.now();
        await asking.request('tell.me', null, { ...PATIENT, headers });
        const context = await seen.promise;
        expect(context).toMatchObject({ subject: 'tell.me', headers });
        expect(context.deadline).toBeGreaterThanOrEqual(before + PATIENT.timeoutMs);
        expect(context.deadline).toBeLessThanOrEqual(Date.now() + PATIENT.timeoutMs);
      });

      it('fail at once where nobody answers', async () => {
        const error = await failure(asking.request('nobody.here', null, PATIENT));
        expect(error.code).toBe('no_responders');
        expect(wasNeverDelivered(error)).toBe(true);
      });

      it('end with the timeout, and the late answer goes nowhere', async () => {
        const held = gate<string>();
        await serve('slow.one', () => held.promise);
        const error = await failure(asking.request('slow.one', null, { timeoutMs: 20 }));
        expect(error.code).toBe('timeout');
        expect(wasNeverDelivered(error)).toBe(false);
        held.resolve('late');
        await serve('quick.one', () => 'ok');
        expect(await asking.request('quick.one', null, PATIENT)).toBe('ok');
      });

      it('end when they are cancelled, before and while waiting', async () => {
        const arrived = gate();
        const held = gate();
        await serve('slow.one', () => (arrived.resolve(), held.promise));
        const controller = new AbortController();
        const waiting = failure(asking.request('slow.one', null, { ...PATIENT, signal: controller.signal }));
        await arrived.promise;
        controller.abort();
        expect((await waiting).code).toBe('cancelled');
        const late = asking.request('slow.one', null, { ...PATIENT, signal: controller.signal });
        expect((await failure(late)).code).toBe('cancelled');
        held.resolve();
      });

      it('are not held up by a slow one before them', async () => {
        const held = gate();
        await serve('mixed.pace', (payload) => (payload === 'slow' ? held.promise : 'quick'));
        const slow = asking.request('mixed.pace', 'slow', PATIENT);
        expect(await asking.request('mixed.pace', 'quick', PATIENT)).toBe('quick');
        held.resolve();
        expect(await slow).toBeNull();
      });

      it('are refused where the payload is no JSON value or the subject no subject', async () => {
        await serve('a.b', () => null);
        expect((await failure(asking.request('a.b', 1n, PATIENT))).code).toBe('invalid_payload');
        for (const subject of ['', 'a b', 'a..b', '.a', 'a.*', 'a.>', 'a\r\nb'])
          expect((await failure(asking.request(subject, null, PATIENT))).code).toBe('invalid_subject');
        expect(() => asking.respond('a.*.b', () => null)).toThrow(MessagingError);
      });
    });

    describe('failing handlers', () => {
      it('answer with their code, which is no statement about delivery', async () => {
        await serve('fail.coded', () => {
          throw Object.assign(new Error('gone for good'), { code: 'user_deleted' });
        });
        expect(await failure(asking.request('fail.coded', null, PATIENT))).toMatchObject({
          code: 'user_deleted',
          message: 'gone for good',
          answered: true,
        });
        await serve('fail.inner', () => serving.request('nobody.here', null, PATIENT));
        const error = await failure(asking.request('fail.inner', null, PATIENT));
        expect(error.code).toBe('no_responders');
        expect(wasNeverDelivered(error)).toBe(false);
      });

      it('keep the text of other errors to themselves and tell the hook', async () => {
        const told = gate<unknown>();
        const hooked = await wire.connect({ handlerFailed: told.resolve });
        hooked.respond('fail.plain', () => {
          throw new Error('password is hunter2');
        });
        await hooked.flush();
        const error = await failure(asking.request('fail.plain', null, PATIENT));
        expect(error.code).toBe('internal');
        expect(error.message).not.toContain('hunter2');
        expect(await told.promise).toMatchObject({ message: 'password is hunter2' });
        await hooked.close();
      });

      it('do not take neighbours along', async () => {
        await serve('fail.some', async (payload) => {
          if (payload === 'bad') throw new Error('bad');
          return payload;
        });
        const answers = await Promise.allSettled(
          ['good', 'bad', 'fine'].map((payload) => asking.request('fail.some', payload, PATIENT)),
        );
        expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      });

      it('answer with an error where their answer is no JSON value', async () => {
        await serve('fail.answer', () => ({ n: 1n }));
        const error = await failure(asking.request('fail.answer', null, PATIENT));
        expect(wasNeverDelivered(error)).toBe(false);
      });
    });

    describe('subjects', () => {
      it('match a last * for one word and a last > for one or more', async () => {
        await serve('star.*', () => 'star');
        await serve('rest.>', () => 'rest');
        expect(await asking.request('star.a', null, PATIENT)).toBe('star');
        expect(await asking.request('rest.a', null, PATIENT)).toBe('rest');
        expect(await asking.request('rest.a.b', null, PATIENT)).toBe('rest');
        for (const subject of ['star', 'star.a.b', 'rest', 'starx.a'])
          expect((await failure(asking.request(subject, null, PATIENT))).code).toBe('no_responders');
      });

      it('share messages among the members of a queue, and reach everybody without one', async () => {
        const counts = { a: 0, b: 0, all: 0 };
        const other = await wire.connect();
        await serve('work.item', () => void counts.a++, 'workers');
        other.respond('work.item', () => void counts.b++, { queue: 'workers' });
        other.subscribe('work.item', () => void counts.all++);
        await other.flush();
        for (let n = 0; n < 40; n++) await asking.request('work.item', n, PATIENT);
        await other.close();
        expect(counts.a + counts.b).toBe(40);
        expect(Math.min(counts.a, counts.b)).toBeGreaterThan(0);
        expect(counts.all).toBe(40);
      });
    });

    describe('published messages', () => {
      it('reach every listener in order, with their ids and no deadline', async () => {
        const seen: unknown[] = [];
        const all = gate();
        let last: MessageContext | undefined;
        serving.subscribe('news.*', (payload, context) => {
          seen.push(payload);
          last = context;
          if (seen.length === 100) all.resolve();
        });
        await serving.flush();
        for (let n = 0; n < 100; n++) asking.publish('news.today', n, { headers: { correlationId: 'x' } });
        await all.promise;
        expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => n));
        expect(last).toEqual({ subject: 'news.today', headers: { correlationId: 'x' } });
      });

      it('may fail in one handler without hurting the next message', async () => {
        const told: unknown[] = [];
        const done = gate();
        const hooked = await wire.connect({ handlerFailed: (error) => told.push(error) });
        hooked.subscribe('news.bad', async (payload) => {
          if (payload === 'bad') throw new Error('cannot');
          done.resolve();
        });
        await hooked.flush();
        asking.publish('news.bad', 'bad');
        asking.publish('news.bad', 'good');
        await done.promise;
        await hooked.close();
        expect(told).toHaveLength(1);
      });

      it('go nowhere where nobody listens', async () => {
        asking.publish('nobody.listens', { a: 1 });
        await asking.flush();
      });
    });

    describe('sizes', () => {
      beforeEach(async () => {
        await Promise.all([asking.close(), serving.close()]);
        await wire.close();
        await begin({ maxPayloadBytes: 8_192 });
      });

      it('are told, and a larger request or message is refused before it is sent', async () => {
        await serve('echo.value', (payload) => payload);
        const fitting = 'x'.repeat(asking.maxPayloadBytes - 2);
        expect(await asking.request('echo.value', fitting, PATIENT)).toBe(fitting);
        const error = await failure(asking.request('echo.value', `${fitting}x`, PATIENT));
        expect(error.code).toBe('too_large');
        expect(wasNeverDelivered(error)).toBe(true);
        expect(() => asking.publish('news.big', `${fitting}x`)).toThrow(MessagingError);
      });

      it('turn an answer that does not fit into an error', async () => {
        await serve('too.much', () => 'x'.repeat(serving.maxPayloadBytes));
        const error = await failure(asking.request('too.much', null, PATIENT));
        expect(error.code).toBe('reply_too_large');
        expect(wasNeverDelivered(error)).toBe(false);
      });
    });

    describe('stopping', () => {
      it('a registration takes no more and waits for what it handles', async () => {
        const arrived = gate();
        const held = gate<string>();
        const registration = await serve('stop.me', () => (arrived.resolve(), held.promise));
        const answer = asking.request('stop.me', null, PATIENT);
        await arrived.promise;
        let stopped = false;
        const stopping = registration.stop().then(() => (stopped = true));
        await serving.flush();
        expect((await failure(asking.request('stop.me', null, PATIENT))).code).toBe('no_responders');
        expect(stopped).toBe(false);
        held.resolve('done');
        await stopping;
        expect(await answer).toBe('done');
      });

      it('an end lets its handlers finish, their own requests included, and their answers leave', async () => {
        const arrived = gate();
        const held = gate();
        await serve('inner.one', () => 'inner');
        asking.respond('outer.one', async () => {
          arrived.resolve();
          await held.promise;
          return asking.request('inner.one', null, PATIENT);
        });
        await asking.flush();
        const answer = serving.request('outer.one', null, PATIENT);
        await arrived.promise;
        const closing = asking.close();
        held.resolve();
        expect(await answer).toBe('inner');
        await closing;
        expect((await failure(serving.request('outer.one', null, PATIENT))).code).toBe('no_responders');
      });

      it('an end that is closed ends what still waits, refuses requests, and says so once', async () => {
        const arrived = gate();
        const held = gate();
        await serve('slow.one', () => (arrived.resolve(), held.promise));
        const changes: boolean[] = [];
        asking.onConnectionChange((connected) => changes.push(connected));
        const forgotten = asking.onConnectionChange(() => changes.push(true));
        forgotten();
        expect(asking.connected).toBe(true);
        const waiting = failure(asking.request('slow.one', null, PATIENT));
        await arrived.promise;
        await Promise.all([asking.close(), asking.close()]);
        expect((await waiting).code).toBe('connection_lost');
        expect((await failure(asking.request('slow.one', null, PATIENT))).code).toBe('closed');
        expect(() => asking.respond('a.b', () => null)).toThrow(MessagingError);
        expect(changes).toEqual([false]);
        expect(asking.connected).toBe(false);
        held.resolve();
      });
    });
  });
};

const failure = async (promise: Promise<unknown>): Promise<MessagingError> => {
  const error: unknown = await promise.then(
    (value) => expect.fail(`answered ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(MessagingError);
  return error as MessagingError;
};
