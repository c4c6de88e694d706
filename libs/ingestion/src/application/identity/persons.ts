import type { BrazeId } from '@hearth/contracts';
import type { RecordedEvent } from '@hearth/eventing';

import type { History } from './histories.ts';

/** Who was merged into a user and still is. */
export const mergedInto = ({ events, undone }: History): ReadonlySet<BrazeId> => {
  const merged = new Set<BrazeId>();
  for (const { type, data, revision } of events)
    if (type === 'UserMerged' && !undone.has(revision)) merged.add((data as { from: BrazeId }).from);
    else if (type === 'ProfileRestated')
      for (const brazeId of (data as { merged: readonly BrazeId[] }).merged) merged.add(brazeId);
  return merged;
};

/** Into whom a user was merged, and is not any more. */
export const formerSurvivors = ({ events, undone }: History): ReadonlySet<BrazeId> =>
  new Set(
    events
      .filter(({ type, revision }) => type === 'MergedInto' && undone.has(revision))
      .map(({ data }) => (data as { braze_id: BrazeId }).braze_id),
  );

/** The streams of the requests and operations that led to some events. */
export const streamsBehind = (events: readonly RecordedEvent[]): ReadonlySet<string> => {
  const streams = new Set<string>();
  for (const { type, data, metadata } of events) {
    if (metadata.request !== undefined) streams.add(metadata.request);
    if (metadata.operation !== undefined) streams.add(metadata.operation);
    if (type === 'ProfileRestated')
      for (const stream of (data as { streams: readonly string[] }).streams) streams.add(stream);
  }
  return streams;
};
