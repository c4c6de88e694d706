import { expect, it } from 'vitest';
import { natsServers } from './open-messaging.ts';

it.each([
  ['nats://127.0.0.1:4222', { servers: ['nats://127.0.0.1:4222'] }],
  ['nats://a:4222, tls://b:4222', { servers: ['nats://a:4222', 'tls://b:4222'] }],
  ['nats://me:p%40ss@a:4222', { servers: ['nats://a:4222'], user: 'me', pass: 'p@ss' }],
  ['nats://t0ken@a:4222,nats://b:4222', { servers: ['nats://a:4222', 'nats://b:4222'], token: 't0ken' }],
])('reads servers and credentials out of %s', (url, expected) => {
  expect(natsServers(url)).toEqual(expected);
});
