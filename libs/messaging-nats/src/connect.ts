import { connect, type NatsConnection } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessagingError } from '@hearth/messaging';

export interface ConnectOptions {
  /** `nats://host:port`, one or several of a cluster. */
  readonly servers: string | readonly string[];
  /** Shown by the server's monitoring. */
  readonly name: string;
  /** How long to try at first (default: without end). Later losses are always mended without end. */
  readonly connectTimeoutMs?: number;
  /** Ends the first tries. */
  readonly signal?: AbortSignal;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  /** A number from 0 to 1; spreads the reconnects of many services. */
  readonly random?: () => number;
}

/** A handshake with a frozen server is given up after this. */
const HANDSHAKE_MS = 3_000;
/** Two unanswered pings in a row and the connection counts as lost: a frozen server is noticed in 4 to 6 s. */
const PING_MS = 2_000;

/** Connects, trying again while the servers are away, and reconnects by itself ever after. */
export const connectToNats = async (
  options: ConnectOptions,
  problem: (error: unknown) => void,
): Promise<NatsConnection> => {
  const { servers, name, connectTimeoutMs = Infinity, signal, random = Math.random } = options;
  const wait = () => 50 + random() * 150;
  const endsAt = performance.now() + connectTimeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await connect({
        servers: typeof servers === 'string' ? servers : [...servers],
        name,
        timeout: HANDSHAKE_MS,
        pingInterval: PING_MS,
        maxPingOut: 2,
        maxReconnectAttempts: -1,
        reconnectDelayHandler: wait,
        ignoreAuthErrorAbort: true,
        noAsyncTraces: true,
        ...(options.user === undefined ? {} : { user: options.user }),
        ...(options.pass === undefined ? {} : { pass: options.pass }),
        ...(options.token === undefined ? {} : { token: options.token }),
      });
    } catch (cause) {
      problem(cause);
      if (performance.now() > endsAt)
        throw new MessagingError(
          'disconnected',
          `No NATS server answers at ${String(servers)}: start one, or correct the address`,
          { cause },
        );
      await sleep(wait(), undefined, signal ? { signal } : {});
    }
  }
};
