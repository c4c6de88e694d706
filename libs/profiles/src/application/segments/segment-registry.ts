import { segmentStream } from '@hearth/contracts';
import {
  comparePositions,
  isRejection,
  WrongExpectedRevision,
  type EventMetadata,
  type EventStore,
  type Position,
  type RecordedEvent,
  type Rejection,
} from '@hearth/eventing';
import {
  decideSegment,
  evolveSegment,
  type Segment,
  type SegmentCommand,
  type SegmentRejection,
} from '../../domain/segments/segment.ts';
import { ProjectionError } from '../errors.ts';

export interface SegmentRegistryPorts {
  readonly store: EventStore;
  readonly newId: () => string;
  /** Is told when definitions can no longer be followed: what holds then is the last that was heard. */
  readonly onFailure: (error: Error) => void;
}

/** A segment after a command, and the position of what that led to; none where nothing was left to do. */
export interface ChangedSegment {
  readonly segment: Segment;
  readonly position: Position | undefined;
}

/** The definitions of segments: read from the log and followed live. */
export interface SegmentRegistry {
  get(id: string): Segment | undefined;
  /** Archived ones too, oldest first. */
  all(): readonly Segment[];
  /** Resolves once everything up to a position is known. Rejects where the log ends before it. */
  reach(position: Position): Promise<void>;
  /** Decides a command and appends what follows; a race with another instance is decided anew. */
  change(
    id: string,
    command: SegmentCommand,
    metadata: EventMetadata,
  ): Promise<ChangedSegment | Rejection<SegmentRejection>>;
  close(): Promise<void>;
}

const PREFIX = segmentStream('');

/** Reads the definitions and follows them. Throws the store's errors where they cannot be read. */
export const openSegmentRegistry = async (ports: SegmentRegistryPorts): Promise<SegmentRegistry> => {
  const { store, newId, onFailure } = ports;
  const filter = { streamPrefixes: [PREFIX] };
  const known = new Map<string, { segment: Segment; revision: number }>();
  let progress: Position | undefined;

  /** Events come by the subscription, by a read, and right after an own append: each counts once. */
  const apply = (event: Pick<RecordedEvent, 'stream' | 'type' | 'data' | 'revision' | 'metadata'>): void => {
    const id = event.stream.slice(PREFIX.length);
    const entry = known.get(id);
    if (event.revision !== (entry?.revision ?? -1) + 1) return;
    const { received_at } = event.metadata;
    const segment = evolveSegment(entry?.segment, id, { type: event.type, data: event.data, received_at });
    if (segment) known.set(id, { segment, revision: event.revision });
  };
  const advance = (position: Position): void => {
    if (progress === undefined || comparePositions(progress, position) < 0) progress = position;
  };
  const readRest = async (): Promise<void> => {
    for (let done = false; !done;) {
      const page = await store.readAll({ ...(progress && { from: progress }), filter });
      page.events.forEach(apply);
      advance(page.position);
      done = page.headReached;
    }
  };
  const catchUp = async (id: string): Promise<void> => {
    const slice = await store.readStream(segmentStream(id), { from: known.get(id)?.revision ?? -1 });
    slice.events.forEach(apply);
  };

  await readRest();
  const stopping = new AbortController();
  const following = (async () => {
    const runs = store.subscribe({ ...(progress && { from: progress }), filter, signal: stopping.signal });
    for await (const { events, checkpoint } of runs) {
      events.forEach(apply);
      advance(checkpoint);
    }
  })().catch(onFailure);

  return {
    get: (id) => known.get(id)?.segment,
    all: () => [...known.values()].map(({ segment }) => segment),
    async reach(position) {
      if (progress === undefined || comparePositions(progress, position) < 0) await readRest();
      if (progress === undefined || comparePositions(progress, position) < 0)
        throw new ProjectionError(
          'not_reached',
          `The log ends before ${position}, as far as it can be read here`,
        );
    },
    async change(id, command, metadata) {
      const stream = segmentStream(id);
      if (!known.has(id)) await catchUp(id);
      for (;;) {
        const entry = known.get(id);
        const decided = decideSegment(command, entry?.segment);
        if (isRejection(decided)) return decided;
        if (decided.length === 0) return { segment: entry!.segment, position: undefined };
        const revision = entry?.revision ?? -1;
        const events = decided.map((event) => ({ id: newId(), ...event, metadata }));
        try {
          const { position } = await store.append(stream, events, {
            expectedRevision: revision === -1 ? 'no_stream' : revision,
          });
          events.forEach((event, index) => apply({ ...event, stream, revision: revision + 1 + index }));
          return { segment: known.get(id)!.segment, position };
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error;
          await catchUp(id);
        }
      }
    },
    async close() {
      stopping.abort();
      await following;
    },
  };
};
