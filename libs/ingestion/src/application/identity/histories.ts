import { userStream, type BrazeId } from '@hearth/contracts';
import type { EventStore, RecordedEvent } from '@hearth/eventing';
import { fold, undoneRevisions, type Profile, type ProfileEvent } from '@hearth/profiles';

/** All that is left of a user's stream, and what it adds up to. */
export interface History {
  readonly brazeId: BrazeId;
  readonly events: readonly RecordedEvent[];
  readonly profile: Profile;
  /** The revision of the newest event; -1 where there is none. */
  readonly revision: number;
  /** The revisions of merges that were taken back. */
  readonly undone: ReadonlySet<number>;
}

const PAGE = 1_000;

/** Reads the whole stream of a user: what decisions about identity need, which are rare. */
export const readHistory = async (
  store: Pick<EventStore, 'readStream'>,
  brazeId: BrazeId,
): Promise<History> => {
  const events: RecordedEvent[] = [];
  for (let done = false; !done;) {
    const slice = await store.readStream(userStream(brazeId), {
      from: events.at(-1)?.revision ?? -1,
      limit: PAGE,
    });
    events.push(...slice.events);
    done = slice.endOfStream || slice.events.length === 0;
  }
  const folded = events.map(asProfileEvent);
  return {
    brazeId,
    events,
    profile: fold(folded),
    revision: events.at(-1)?.revision ?? -1,
    undone: undoneRevisions(folded),
  };
};

/** The event by which a user was merged into another one, the last time. */
export const lastMergeOf = ({ events }: History): RecordedEvent | undefined =>
  events.findLast(({ type }) => type === 'MergedInto');

/**
 * The revision at which a user was merged, by the revision at which it was once: where its stream was restated since, it was closed
 * once more right behind that.
 */
export const mergeRevisionOf = ({ events }: History, merged: number): number => {
  const isClosing = (at: number): boolean => events[at]?.type === 'MergedInto';
  const known = events.some(({ revision }, at) => revision === merged && isClosing(at));
  const restated = events.findIndex(({ type }) => type === 'ProfileRestated');
  return !known && restated !== -1 && isClosing(restated + 1) ? events[restated + 1]!.revision : merged;
};

/** The profile as it was before an event of its history. */
export const profileBefore = ({ events }: History, revision: number): Profile =>
  fold(events.filter((event) => event.revision < revision).map(asProfileEvent));

const asProfileEvent = ({ type, data, revision, metadata }: RecordedEvent): ProfileEvent => ({
  type,
  data,
  revision,
  received_at: metadata.received_at,
  schema: metadata.schema,
});
