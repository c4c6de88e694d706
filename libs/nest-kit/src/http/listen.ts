import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { StartError } from '../lifecycle/start-error.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** An application of Nest, or of Fastify alone. */
type App = { close(): PromiseLike<unknown> | void } & (
  | { listen(port: number, host: string): Promise<unknown>; getHttpServer(): Server }
  | { listen(address: Address): PromiseLike<unknown>; readonly server: Server }
);

const listenError = (error: unknown, { host, port }: Address): unknown => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new StartError(`port ${port} on ${host} is in use; set HEARTH_PORT to another one`, {
      cause: error,
    });
  if (code === 'EACCES')
    return new StartError(`port ${port} on ${host} is not open to this user; set HEARTH_PORT above 1023`, {
      cause: error,
    });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartError(`${host} is no address of this machine; set HEARTH_HOST to one`, { cause: error });
  return error;
};

/**
 * Lets an application listen, and stop listening as the last thing registered of intake: requests in flight are answered,
 * idle connections closed. Answers its address. Throws a `StartError` where the port cannot be had.
 */
export const listen = async (
  app: App,
  { lifecycle }: { readonly lifecycle: Lifecycle },
  { host, port }: Address,
): Promise<string> => {
  try {
    await ('getHttpServer' in app ? app.listen(port, host) : app.listen({ host, port }));
  } catch (error) {
    throw listenError(error, { host, port });
  }
  lifecycle.onStop('intake', 'http', () => app.close());
  const server = 'getHttpServer' in app ? app.getHttpServer() : app.server;
  const taken = (server.address() as AddressInfo).port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
};
