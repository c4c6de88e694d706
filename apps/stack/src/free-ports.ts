import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** Below the ports that systems give to outgoing connections: one of those may take a port before its service does. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

const listening = async (): Promise<Server> => {
  for (;;) {
    const server = createServer().listen(randomInt(LOWEST, HIGHEST), '127.0.0.1');
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
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
