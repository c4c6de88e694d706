import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { runLoad, type LoadOrder } from './run-load.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const serving = async (answer: RequestListener): Promise<string> => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
};

const order = (url: string, rest: Partial<LoadOrder> = {}): LoadOrder => ({
  url,
  authorization: 'Bearer key',
  workload: { kind: 'sync', order: 'each', users: 50 },
  connections: 4,
  seed: 1,
  ...rest,
});

const fine: RequestListener = (_request, response) =>
  response.writeHead(201, { 'content-type': 'application/json' }).end('{"visits":1}');

describe('runLoad', () => {
  it('sends every call of a workload that ends, and measures each', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serving((request, response) => {
      seen.push(request.headers.authorization);
      fine(request, response);
    });
    const { calls, objects, errors, p50, p99 } = await runLoad(order(url));
    expect({ calls, objects, errors }).toEqual({ calls: 50, objects: 50, errors: 0 });
    expect(seen).toEqual(Array(50).fill('Bearer key'));
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
  });

  it('ends after as many calls as it was told', async () => {
    const url = await serving(fine);
    const workload = { kind: 'sync', order: 'random', users: 50 } as const;
    expect((await runLoad(order(url, { workload, calls: 30 }))).calls).toBe(30);
  });

  it('counts answers other than 201, and says what the first one was', async () => {
    const url = await serving((_request, response) => response.writeHead(503).end('{"message":"away"}'));
    const { calls, errors, firstError } = await runLoad(order(url));
    expect({ calls, errors }).toEqual({ calls: 0, errors: 50 });
    expect(firstError).toContain('503 {"message":"away"}');
  });

  it('counts a 201 that does not show the profile', async () => {
    const url = await serving((_request, response) => response.writeHead(201).end('{"message":"success"}'));
    expect((await runLoad(order(url))).errors).toBe(50);
  });

  it('counts connections that the server closes, and still ends', async () => {
    const url = await serving((request) => request.socket.destroy());
    expect((await runLoad(order(url))).errors).toBe(4);
  });

  it('rejects where nobody listens', async () => {
    const url = await serving(fine);
    await stops.pop()?.();
    await expect(runLoad(order(url))).rejects.toThrow(/ECONNREFUSED/);
  });
});
