import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut, frozen and given back. */
export interface InterruptibleProxy {
  readonly port: number;
  /** Breaks every connection and takes no new one, as when the server is gone. */
  cut(): Promise<void>;
  /** Breaks every connection; new ones are taken at once. */
  drop(): void;
  /** Lets nothing through in either direction, with the connections left open, as when the server is frozen. */
  freeze(): void;
  thaw(): void;
  /** Takes connections again after `cut`. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

export const interruptibleProxy = async (target: {
  host: string;
  port: number;
}): Promise<InterruptibleProxy> => {
  const sockets = new Set<Socket>();
  let frozen = false;

  const join = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (bytes) => {
      if (!to.write(bytes)) from.pause();
    });
    to.on('drain', () => {
      if (!frozen) from.resume();
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    if (frozen) from.pause();
  };

  const server = createServer((near) => {
    const far = connect(target);
    join(near, far);
    join(far, near);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    drop();
    await closed;
  };

  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  const { port } = address;
  return {
    port,
    cut,
    drop,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    restore: () => listen(port),
    close: cut,
  };
};
