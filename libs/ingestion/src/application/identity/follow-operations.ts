import { OPERATION_STREAMS } from '@hearth/contracts';
import type { EventStore, Position, RecordedEvent } from '@hearth/eventing';

import type { Clock } from '../ports.ts';
import type { Operations } from './operations.ts';

export interface FollowOperationsPorts {
  readonly store: Pick<EventStore, 'readAll' | 'subscribe'>;
  readonly operations: Pick<Operations, 'resume' | 'isRunning'>;
  readonly clock: Clock;
  /** A call takes at most this long; what is older was left behind. In milliseconds. */
  readonly timeoutMs: number;
  /** Told of each attempt that failed; it is made again. */
  readonly onFailure: (error: Error, stream: string) => void;
  /** How often it looks for what was left behind (default 3,000 ms). */
  readonly intervalMs?: number;
}

/** Finishes operations that were left half done, by this process's forerunner or by another instance. */
export interface OperationsFollower {
  /** Resolves when everything that was left behind at the start has been tried once. */
  readonly started: Promise<void>;
  /** Tries everything that is left behind now. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

const FILTER = { streamPrefixes: [OPERATION_STREAMS] };

/** Reads the operations of the log, follows them, and looks at times for those that nobody finishes. */
export const followOperations = (ports: FollowOperationsPorts): OperationsFollower => {
  const { store, operations, clock, timeoutMs, onFailure, intervalMs = 3_000 } = ports;
  const stopping = new AbortController();
  /** Operations that are not finished, and when they were started. */
  const open = new Map<string, number>();

  const note = ({ stream, type, metadata }: RecordedEvent): void => {
    if (type === 'OperationStarted') open.set(stream, Date.parse(metadata.received_at));
    else open.delete(stream);
  };

  const readAll = async (): Promise<Position | undefined> => {
    let from: Position | undefined;
    for (let done = false; !done && !stopping.signal.aborted;) {
      const page = await store.readAll({ ...(from && { from }), filter: FILTER });
      page.events.forEach(note);
      from = page.position;
      done = page.headReached;
    }
    return from;
  };

  const finish = async (startedBefore: number): Promise<void> => {
    for (const [stream, startedAt] of open) {
      if (stopping.signal.aborted) return;
      if (startedAt > startedBefore || operations.isRunning(stream)) continue;
      try {
        await operations.resume(stream);
        open.delete(stream);
      } catch (error) {
        onFailure(error as Error, stream);
      }
    }
  };

  const follow = async (from: Position | undefined): Promise<void> => {
    const { signal } = stopping;
    const options = { ...(from && { from }), filter: FILTER, eventsOnly: true, signal };
    for await (const { events } of store.subscribe(options)) events.forEach(note);
  };

  let working: Promise<void> = Promise.resolve();
  const sweep = (age: number): Promise<void> => (working = working.then(() => finish(clock.now() - age)));

  const started = readAll().then(async (from) => {
    void follow(from).catch((error: unknown) => onFailure(error as Error, OPERATION_STREAMS));
    await sweep(0);
  });
  started.catch((error: unknown) => onFailure(error as Error, OPERATION_STREAMS));
  let busy = false;
  const timer = setInterval(() => {
    if (busy || open.size === 0) return;
    busy = true;
    void sweep(timeoutMs).finally(() => (busy = false));
  }, intervalMs);
  timer.unref();

  return {
    started,
    sweep: () => sweep(timeoutMs),
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await started.catch(() => undefined);
      await working;
    },
  };
};
