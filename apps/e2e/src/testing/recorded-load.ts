import { unlessUndocumented } from './api-document.ts';
import { post } from './client.ts';

/** Writes that were sent, by the unique name of the event each carries. */
export interface RecordedLoad {
  /** Acknowledged with 201: must be stored exactly once. */
  readonly acknowledged: ReadonlySet<string>;
  /** Sent and not acknowledged, whatever the answer: may be stored once or not at all. */
  readonly doubtful: ReadonlySet<string>;
  /** Refused as not stored: must not be there. */
  readonly refused: ReadonlySet<string>;
  /** Resolves once that many more writes are acknowledged. */
  progress(more: number): Promise<void>;
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly connections: number;
  readonly users: number;
}

/** Sends sync and async events without pause until it is stopped, and keeps account of what was answered. */
export const startRecordedLoad = (url: () => string, { connections, users }: LoadOptions): RecordedLoad => {
  const acknowledged = new Set<string>();
  const doubtful = new Set<string>();
  const refused = new Set<string>();
  const waiting = new Set<{ at: number; resolve: () => void }>();
  let running = true;
  let sequence = 0;

  const send = async (): Promise<void> => {
    const name = `event ${++sequence}`;
    const event = { external_id: `user ${sequence % users}`, name, time: '2026-01-01T00:00:00Z' };
    doubtful.add(name);
    const path = sequence % 2 === 0 ? '/users/track' : '/users/track/sync';
    const answer = await post(url(), path, { events: [event] }).catch(unlessUndocumented);
    if (answer?.status === 201) {
      doubtful.delete(name);
      acknowledged.add(name);
    } else if (answer?.status === 503 && answer.headers.has('retry-after')) {
      doubtful.delete(name);
      refused.add(name);
    }
    if (answer?.status !== 201) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const waiter of waiting)
      if (acknowledged.size >= waiter.at && waiting.delete(waiter)) waiter.resolve();
  };
  const workers = Array.from({ length: connections }, async () => {
    while (running) await send();
  });

  return {
    acknowledged,
    doubtful,
    refused,
    progress: (more) => new Promise((resolve) => waiting.add({ at: acknowledged.size + more, resolve })),
    stop: async () => {
      running = false;
      await Promise.all(workers);
    },
  };
};
