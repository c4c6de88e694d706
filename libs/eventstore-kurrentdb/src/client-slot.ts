import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { backOff } from './waiting.ts';

/**
 * More appends than this on one client, and its write queue may hold some back; when the connection then breaks, those
 * end as unhandled rejections inside the client, which stop the process. (Its stream takes 16 unwritten messages.)
 */
const CALLS_A_CLIENT = 15;

/** One place for a client: bounds the calls in flight on it, and replaces it after it failed. */
export interface ClientSlot {
  /** Makes a call on the present client, waiting for room in the order of asking. */
  call<Value>(make: (client: KurrentDBClient) => Promise<Value>): Promise<Value>;
  /** Tells that a client failed; a new one takes its place at the next call after a back-off. */
  failed(client: KurrentDBClient): void;
  /** Tells that a client answered. */
  answered(client: KurrentDBClient): void;
  close(): Promise<void>;
}

interface Held {
  readonly client: KurrentDBClient;
  inFlight: number;
  retired: boolean;
}

/** `now` is a clock in milliseconds that never goes back. */
export const clientSlot = (connectionString: string, now: () => number): ClientSlot => {
  const waiting: ((held: Held) => void)[] = [];
  const disposals = new Set<Promise<void>>();
  let failures = 0;
  let replaceAt = Number.POSITIVE_INFINITY;
  let held = hold();

  function hold(): Held {
    return { client: KurrentDBClient.connectionString(connectionString), inFlight: 0, retired: false };
  }

  const dispose = (client: KurrentDBClient): void => {
    const disposal = client.dispose().catch(() => undefined);
    disposals.add(disposal);
    void disposal.finally(() => disposals.delete(disposal));
  };

  const admit = (): void => {
    while (waiting.length > 0 && held.inFlight < CALLS_A_CLIENT) {
      held.inFlight += 1;
      waiting.shift()!(held);
    }
  };

  const replaceWhenDue = (): void => {
    if (now() < replaceAt) return;
    replaceAt = Number.POSITIVE_INFINITY;
    const old = held;
    held = hold();
    old.retired = true;
    // Calls that hang on it are ended by their own timers; the last one to end takes the client along.
    if (old.inFlight === 0) dispose(old.client);
    admit();
  };

  const enter = (): Held | Promise<Held> => {
    replaceWhenDue();
    if (waiting.length > 0 || held.inFlight >= CALLS_A_CLIENT)
      return new Promise<Held>((resolve) => waiting.push(resolve));
    held.inFlight += 1;
    return held;
  };

  const leave = (used: Held): void => {
    used.inFlight -= 1;
    if (used.retired && used.inFlight === 0) dispose(used.client);
    admit();
  };

  return {
    call: async (make) => {
      const used = await enter();
      try {
        return await make(used.client);
      } finally {
        leave(used);
      }
    },
    failed: (client) => {
      if (client !== held.client || replaceAt !== Number.POSITIVE_INFINITY) return;
      failures += 1;
      replaceAt = now() + backOff(failures);
    },
    answered: (client) => {
      if (client === held.client) failures = 0;
    },
    close: async () => {
      dispose(held.client);
      await Promise.all(disposals);
    },
  };
};
