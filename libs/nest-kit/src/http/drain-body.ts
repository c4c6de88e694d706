import type { IncomingMessage } from 'node:http';

/** How much more of a refused body is taken, in bytes. */
const MOST_BYTES = 16 * 1024 * 1024;
/** How long, in milliseconds. */
const LONGEST_MS = 5_000;

/**
 * Reads what a client still sends of a body that was refused, and drops it. A connection that is closed with
 * unread bytes in it is reset, and most clients then never see the answer: they would report a broken pipe instead of a 413.
 * One that goes on for too long is cut off after all.
 */
export const drainBody = (request: IncomingMessage): void => {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  const cutOff = (): void => void request.socket.destroy();
  const timer = setTimeout(cutOff, LONGEST_MS);
  request.on('data', (chunk: Buffer | string) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) cutOff();
  });
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.resume();
};
