import type { MessagingError } from '@hearth/messaging';
import { wasNeverDelivered, type Messaging } from '@hearth/messaging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freeze } from '../../../tools/freeze.ts';
import { startNatsServer, type NatsServer } from '../../../tools/nats-server.mjs';
import { natsMessaging } from './nats-messaging.ts';

const PATIENT = { timeoutMs: 20_000 } as const;

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (value) => expect.fail(`answered ${JSON.stringify(value)}`),
    (error: unknown) => (error as MessagingError).code,
  );

const becomes = (messaging: Messaging, connected: boolean) =>
  new Promise<void>((resolve) => {
    if (messaging.connected === connected) return resolve();
    const forget = messaging.onConnectionChange((now) => {
      if (now !== connected) return;
      forget();
      resolve();
    });
  });

describe('a NATS server that goes away', () => {
  let server: NatsServer;
  let asking: Messaging;
  let serving: Messaging;
  const ends = () => [asking, serving];

  beforeEach(async () => {
    server = await startNatsServer();
    asking = await natsMessaging({ servers: server.url, name: 'asking' });
    serving = await natsMessaging({ servers: server.url, name: 'serving' });
  });
  afterEach(async () => {
    await Promise.all(ends().map((end) => end.close()));
    await server.stop();
  });
  const kill = async () => {
    await server.stop('SIGKILL');
    await Promise.all(ends().map((end) => becomes(end, false)));
  };
  const restart = async () => {
    server = await startNatsServer({ port: server.port });
    await Promise.all(ends().map((end) => becomes(end, true)));
  };

  it('comes back, and everybody finds each other again without help', async () => {
    const changes: boolean[] = [];
    asking.onConnectionChange((connected) => changes.push(connected));
    serving.respond('echo.value', (payload) => payload);
    await serving.flush();
    for (let round = 0; round < 2; round++) {
      expect(await asking.request('echo.value', round, PATIENT)).toBe(round);
      await kill();
      await restart();
      await serving.flush();
    }
    expect(await asking.request('echo.value', 'again', PATIENT)).toBe('again');
    expect(changes).toEqual([false, true, false, true]);
  });

  it('ends what waits as possibly handled, refuses what comes, and replays nothing', async () => {
    const seen: unknown[] = [];
    const arrived = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    serving.respond('note.it', async (payload) => {
      seen.push(payload);
      arrived.resolve();
      await held.promise;
      return 'noted';
    });
    serving.subscribe('news.*', (payload) => void seen.push(payload));
    await serving.flush();

    const waiting = asking.request('note.it', 'before', PATIENT).catch((error: unknown) => error);
    await arrived.promise;
    await kill();
    const lost = await waiting;
    expect(lost).toMatchObject({ code: 'connection_lost' });
    expect(wasNeverDelivered(lost)).toBe(false);

    const refused = await asking.request('note.it', 'meanwhile', PATIENT).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'disconnected' });
    expect(wasNeverDelivered(refused)).toBe(true);
    asking.publish('news.lost', 'meanwhile');
    await expect(asking.flush()).rejects.toMatchObject({ code: 'disconnected' });

    await restart();
    held.resolve();
    await serving.flush();
    expect(await asking.request('note.it', 'after', PATIENT)).toBe('noted');
    asking.publish('news.now', 'fresh');
    await asking.flush();
    await serving.flush();
    expect(seen).toEqual(['before', 'after', 'fresh']);
  });

  it('can be registered with while it is away', async () => {
    await kill();
    serving.respond('late.comer', () => 'here');
    const stopped = serving.respond('never.mind', () => 'here');
    await stopped.stop();
    await restart();
    await serving.flush();
    expect(await asking.request('late.comer', null, PATIENT)).toBe('here');
    expect(await codeOf(asking.request('never.mind', null, PATIENT))).toBe('no_responders');
  });

  it('may stay away: closing does not wait for it', async () => {
    serving.respond('echo.value', (payload) => payload);
    await kill();
    await Promise.all(ends().map((end) => end.close()));
    expect(ends().map(({ connected }) => connected)).toEqual([false, false]);
  });

  it('or freezes: requests end with their timeout, the loss is noticed, and a thaw mends it', async () => {
    serving.respond('echo.value', (payload) => payload);
    await serving.flush();
    await freeze(server.pid);
    expect(await codeOf(asking.request('echo.value', 1, { timeoutMs: 50 }))).toBe('timeout');
    await Promise.all(ends().map((end) => becomes(end, false)));
    expect(await codeOf(asking.request('echo.value', 2, PATIENT))).toBe('disconnected');
    process.kill(server.pid, 'SIGCONT');
    await Promise.all(ends().map((end) => becomes(end, true)));
    await serving.flush();
    expect(await asking.request('echo.value', 3, PATIENT)).toBe(3);
  });

  it('or freezes while an end closes, which ends nevertheless', async () => {
    serving.respond('echo.value', (payload) => payload);
    await serving.flush();
    await freeze(server.pid);
    await Promise.all(ends().map((end) => end.close()));
  });
});

describe('a NATS server that is not there yet', () => {
  it('is waited for, and the tries are told', async () => {
    const server = await startNatsServer();
    await server.stop();
    const told = Promise.withResolvers<unknown>();
    const connecting = natsMessaging({
      servers: server.url,
      name: 'early',
      connectionProblem: told.resolve,
    });
    await told.promise;
    const later = await startNatsServer({ port: server.port });
    const messaging = await connecting;
    expect(messaging.connected).toBe(true);
    await messaging.close();
    await later.stop();
  });

  it('is given up after a limit, or when told to', async () => {
    const server = await startNatsServer();
    await server.stop();
    const options = { servers: server.url, name: 'early' };
    expect(await codeOf(natsMessaging({ ...options, connectTimeoutMs: 0 }))).toBe('disconnected');
    const controller = new AbortController();
    const connecting = natsMessaging({
      ...options,
      signal: controller.signal,
      connectionProblem: () => controller.abort(),
    });
    await expect(connecting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
