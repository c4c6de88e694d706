import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

const listening = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

/**
 * Gives each wanted port; 0 becomes a free one. A service keeps its port over restarts and the gateway knows it from the
 * start, so the choice cannot be left to the service.
 */
export const settlePorts = async <Name extends string>(
  wanted: Readonly<Record<Name, number>>,
): Promise<Record<Name, number>> => {
  const names = Object.keys(wanted) as Name[];
  // All are held at once, so that no two get the same.
  const held = await Promise.all(
    names.filter((name) => wanted[name] === 0).map(async (name) => ({ name, server: await listening() })),
  );
  const free = held.map(({ name, server }) => [name, (server.address() as AddressInfo).port] as const);
  await Promise.all(held.map(({ server }) => new Promise((closed) => server.close(closed))));
  return { ...wanted, ...Object.fromEntries(free) };
};
