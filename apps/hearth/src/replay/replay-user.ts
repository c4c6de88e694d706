import { userStream, type BrazeId } from '@hearth/contracts';
import type { RecordedEvent } from '@hearth/eventing';
import type { ReadableLog } from '@hearth/log-archive';
import { changesBetween, unknownProfile, type Profile, type ProfileChange } from '@hearth/profiles';

import { recordedFold } from './recorded-fold.ts';
import { isWithin, type Until } from './parse-until.ts';

/** One event of a user, and what it did to the profile. */
export interface ReplayedEvent {
  readonly event: RecordedEvent;
  readonly changes: readonly ProfileChange[];
}

/** The profile where a replay stopped. */
export interface ReplayEnd {
  readonly profile: Profile;
  /** The last event that is in the profile; -1 where there is none. */
  readonly revision: number;
  /** The last event of the stream. */
  readonly lastRevision: number;
}

const PAGE = 500;

/** Folds a user's stream event by event, as far as `until`; `onEvent` sees each one before the next is read. */
export const replayUser = async (
  log: Pick<ReadableLog, 'readStream'>,
  brazeId: BrazeId,
  {
    until,
    onEvent,
  }: { readonly until?: Until; readonly onEvent: (replayed: ReplayedEvent) => Promise<void> },
): Promise<ReplayEnd> => {
  let profile: Profile = unknownProfile;
  const next = recordedFold();
  let revision = -1;
  for (;;) {
    const slice = await log.readStream(userStream(brazeId), { from: revision, limit: PAGE });
    for (const event of slice.events) {
      if (!isWithin(until, event)) return { profile, revision, lastRevision: slice.lastRevision };
      const before = profile;
      profile = next(event);
      revision = event.revision;
      await onEvent({ event, changes: changesBetween(before, profile) });
    }
    if (slice.endOfStream || slice.events.length === 0)
      return { profile, revision, lastRevision: slice.lastRevision };
  }
};
