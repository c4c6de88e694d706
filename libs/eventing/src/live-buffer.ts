import type { RecordedEvent } from './event.ts';
import type { Position } from './position.ts';

/** Everything one commit added to the log, in order: the log was at `after` before it, and is at `position` since. */
export interface AppendedBatch {
  readonly after: Position;
  readonly position: Position;
  readonly events: readonly RecordedEvent[];
  /** Roughly what the events weigh in memory. */
  readonly bytes: number;
}

/** How much a subscription holds for a consumer that is slower than the writers, before it reads from disk again. */
export interface BufferLimits {
  readonly events: number;
  readonly bytes: number;
}

export const defaultBufferLimits: BufferLimits = { events: 4_096, bytes: 16 * 1024 * 1024 };

interface Entry {
  readonly after: Position;
  position: Position;
  readonly events: readonly RecordedEvent[];
}

/** Live batches kept in memory between the writer and one subscriber. */
export interface LiveBuffer {
  /** Answers whether there is an event in it to be handed out. */
  push(batch: AppendedBatch): boolean;
  /** What it holds can no longer be handed out: the subscriber has to read the log. */
  invalidate(): void;
  /** Forgets what it holds and collects anew. */
  reset(): void;
  /** The next part after `at`; `stale` where the log has to be read; undefined where there is nothing new. */
  take(at: Position): { events: readonly RecordedEvent[]; position: Position } | 'stale' | undefined;
  readonly isEmpty: boolean;
}

/** Keeps only events of streams that match, so that a narrow filter takes little room however busy the log is. */
export const liveBuffer = (matches: (stream: string) => boolean, limits: BufferLimits): LiveBuffer => {
  let entries: Entry[] = [];
  let events = 0;
  let bytes = 0;
  let stale = false;

  const empty = (isStale: boolean): void => {
    entries = [];
    events = 0;
    bytes = 0;
    stale = isStale;
  };

  return {
    push: (batch) => {
      if (stale) return true;
      const wanted = batch.events.filter(({ stream }) => matches(stream));
      const last = entries.at(-1);
      if (wanted.length === 0 && last?.position === batch.after) {
        last.position = batch.position;
        return false;
      }
      entries.push({ after: batch.after, position: batch.position, events: wanted });
      events += wanted.length;
      bytes += wanted.length === 0 ? 0 : batch.bytes;
      if (events > limits.events || bytes > limits.bytes) empty(true);
      return wanted.length > 0;
    },
    invalidate: () => empty(true),
    reset: () => empty(false),
    take: (at) => {
      if (stale) return 'stale';
      for (let entry = entries.shift(); entry; entry = entries.shift()) {
        events -= entry.events.length;
        if (entries.length === 0) bytes = 0;
        if (entry.position <= at) continue;
        if (entry.after > at) return 'stale';
        const isNext = entry.after === at;
        const rest = isNext ? entry.events : entry.events.filter(({ position }) => position > at);
        return { events: rest, position: entry.position };
      }
      return undefined;
    },
    get isEmpty() {
      return entries.length === 0 && !stale;
    },
  };
};
