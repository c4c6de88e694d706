import type { EventData } from '@kurrent/kurrentdb-client';
import { WrongExpectedRevision, type ExpectedRevision } from '@hearth/eventing';
import type { Erasures } from './erasures.ts';
import type { Appended, ExactAppends } from './exact-append.ts';
import { lanes } from './lanes.ts';
import type { Reading } from './reading.ts';
import { eventIdOf } from './stored-event.ts';
import type { KnownStream, StreamMemory } from './stream-memory.ts';

/** An append that leaves the revision open. */
export interface OpenAppend {
  readonly stream: string;
  /** The ids the port knows, in step with `events`. */
  readonly ids: readonly string[];
  readonly events: readonly EventData[];
  readonly expected: Extract<ExpectedRevision, 'any' | 'stream_exists'>;
}

/**
 * Appends with `any` or `stream_exists`. The server recognises repeats of those only while they sit in its memory, so
 * the stream is looked through for their ids, and they are appended at the exact revision it was seen at; who loses the
 * race reads on from there. Those of one process to one stream go one after the other.
 */
export const openAppends = (
  appends: ExactAppends,
  reading: Reading,
  erasures: Erasures,
  memory: StreamMemory,
): ((append: OpenAppend) => Promise<Appended>) => {
  const lane = lanes();

  /** Reads what follows the last revision known; starts over where the stream is not what it was. */
  const readOn = async (stream: string, known: KnownStream): Promise<void> => {
    const events = await reading.stream(stream, {
      from: known.lastRevision + 1,
      limit: Number.MAX_SAFE_INTEGER,
    });
    for (const event of events ?? []) {
      const revision = Number(event.revision);
      known.events.set(eventIdOf(event), { serverId: event.id, revision, offset: event.position!.commit });
      known.lastRevision = revision;
    }
  };

  const append = async ({ stream, ids, events, expected }: OpenAppend): Promise<Appended> => {
    let known = memory.get(stream);
    if (!known) await readOn(stream, (known = { lastRevision: -1, events: new Map() }));
    for (;;) {
      const found = standing(known, ids, events, erasures.before(stream));
      if (found === 'other') throw new WrongExpectedRevision(stream, expected, known.lastRevision);
      if (found) return found;
      if (expected === 'stream_exists' && known.lastRevision < 0) {
        await readOn(stream, known);
        if (known.lastRevision < 0) throw new WrongExpectedRevision(stream, expected, 'no_stream');
        continue;
      }
      try {
        const exact = known.lastRevision < 0 ? 'no_stream' : known.lastRevision;
        const appended = await appends.append(stream, events, exact);
        const first = appended.revision - events.length + 1;
        for (const [index, id] of ids.entries())
          known.events.set(id, {
            serverId: events[index]!.id,
            revision: first + index,
            offset: appended.offset,
          });
        known.lastRevision = appended.revision;
        memory.keep(stream, known);
        return appended;
      } catch (error) {
        memory.forget(stream);
        if (!(error instanceof WrongExpectedRevision)) throw error;
        await readOn(stream, known);
      }
    }
  };

  return (open) => lane(open.stream, () => append(open));
};

/** Where the whole append stands; `other` where a part of it stands, or more; undefined where nothing of it does. */
const standing = (
  known: KnownStream,
  ids: readonly string[],
  events: readonly EventData[],
  erasedBefore: number,
): Appended | 'other' | undefined => {
  const found = ids.map((id) => {
    const event = known.events.get(id);
    return event && event.revision >= erasedBefore ? event : undefined;
  });
  if (found.every((event) => event === undefined)) return undefined;
  if (!found.every((event, index) => event?.serverId === events[index]!.id)) return 'other';
  const last = found.at(-1)!;
  return { revision: last.revision, offset: last.offset };
};
