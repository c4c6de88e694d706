/** Where an event stands that a stream is known to hold. */
export interface KnownEvent {
  /** The id the server knows it under: it tells events of one append from those of another. */
  readonly serverId: string;
  readonly revision: number;
  readonly offset: bigint;
}

/** The events of one stream by id, as far as they were read. */
export interface KnownStream {
  /** The last revision that was read, -1 for a stream that does not exist. */
  lastRevision: number;
  readonly events: Map<string, KnownEvent>;
}

/** Streams that were appended to with `any` lately, so that the next such append need not read them from the start. */
export interface StreamMemory {
  get(stream: string): KnownStream | undefined;
  /** Keeps a stream, also after its events became more. */
  keep(stream: string, known: KnownStream): void;
  forget(stream: string): void;
}

/** `capacity` bounds the events over all streams; a stream that alone has more is not kept. */
export const streamMemory = (capacity: number): StreamMemory => {
  const kept = new Map<string, { known: KnownStream; size: number }>();
  let size = 0;

  const forget = (stream: string): void => {
    size -= kept.get(stream)?.size ?? 0;
    kept.delete(stream);
  };

  return {
    get: (stream) => kept.get(stream)?.known,
    keep: (stream, known) => {
      forget(stream);
      // A stream without events takes room as well.
      const weight = known.events.size + 1;
      kept.set(stream, { known, size: weight });
      size += weight;
      for (const oldest of kept.keys()) {
        if (size <= capacity) break;
        forget(oldest);
      }
    },
    forget,
  };
};
