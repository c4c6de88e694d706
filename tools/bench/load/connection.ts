import { connect } from 'node:net';
import { responseReader, type Answer } from './response-reader.ts';

/** A keep-alive connection that carries one call at a time. */
export interface Connection {
  send(request: string): void;
  close(): void;
}

export interface ConnectionEvents {
  readonly onAnswer: (answer: Answer) => void;
  /** Called once at most, after the connection was opened; nothing is answered after it. */
  readonly onFailure: (error: Error) => void;
}

/** Opens a connection. Rejects where nobody listens. */
export const openConnection = (
  { hostname, port }: URL,
  { onAnswer, onFailure }: ConnectionEvents,
): Promise<Connection> => {
  const { promise, resolve, reject } = Promise.withResolvers<Connection>();
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const read = responseReader();
  let connected = false;
  let open = true;
  const fail = (error: Error): void => {
    if (!open) return;
    open = false;
    socket.destroy();
    if (connected) onFailure(error);
    else reject(error);
  };
  socket.on('data', (chunk) => {
    try {
      const answer = read(chunk);
      if (answer) onAnswer(answer);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.once('error', fail);
  socket.once('close', () => fail(new Error('the server closed the connection')));
  socket.once('connect', () => {
    connected = true;
    resolve({
      send: (request) => void socket.write(request, 'latin1'),
      close: () => {
        open = false;
        socket.destroy();
      },
    });
  });
  return promise;
};
