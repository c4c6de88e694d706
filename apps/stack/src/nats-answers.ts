import { connect } from 'node:net';

/** True when whoever listens on the port of this machine greets as NATS does. */
export const natsAnswers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('data', (greeting) => end(greeting.toString('latin1').startsWith('INFO ')));
  });
