import {
  OPERATION_STREAMS,
  userStream,
  type BrazeId,
  type Operation,
  type UserEvent,
  type UserMerged,
} from '@hearth/contracts';
import type { EventStore } from '@hearth/eventing';

import { lastMergeOf, profileBefore, readHistory, type History } from './histories.ts';
import type { Operations } from './operations.ts';
import { formerSurvivors, mergedInto, streamsBehind } from './persons.ts';
import type { Run, Step } from './steps.ts';

export interface RestatePorts {
  readonly store: Pick<EventStore, 'readStream' | 'eraseBefore'>;
  readonly step: Step;
  readonly operations: Pick<Operations, 'unfinished' | 'resume'>;
}

/**
 * Users who once took over a person, and gave it back, still have what it brought in events of their streams: their profiles are
 * stated anew, and the events before that are erased. So have those who took one of these over meanwhile. Who is merged into
 * somebody else now is closed once more behind that, so that this merge can still be taken back,
 * unless the other one had to be restated as well.
 */
export const createRestateHolders = ({ store, step, operations }: RestatePorts) => {
  /** The farthest first: who comes after a crash finds the others by the streams of those before them. */
  const holdersOf = async (history: History, seen: Set<BrazeId>): Promise<readonly BrazeId[]> => {
    const holders: BrazeId[] = [];
    for (const survivor of formerSurvivors(history)) {
      if (seen.has(survivor)) continue;
      seen.add(survivor);
      holders.push(...(await holdersOf(await readHistory(store, survivor), seen)), survivor);
    }
    return holders;
  };

  /** An operation that is at work on a user, and would look for its own events. Deletions may meet in any order, and do not. */
  const underway = async ({ events }: History): Promise<string | undefined> => {
    for (const stream of streamsBehind(events)) {
      const operation = stream.startsWith(OPERATION_STREAMS) && (await operations.unfinished(stream));
      if (operation && !isDeletion(operation)) return stream;
    }
    return undefined;
  };

  const restate = async (
    run: Run,
    brazeId: BrazeId,
    person: BrazeId,
    brought: ReadonlySet<BrazeId>,
  ): Promise<void> => {
    for (;;) {
      const wait: { for?: string | undefined } = {};
      const { at } = await step(run, brazeId, `restated without ${person}`, async (history) => {
        if (!gaveBack(history, brought)) return [];
        wait.for = await underway(history);
        return wait.for === undefined ? restatement(history) : [];
      });
      if (wait.for === undefined) {
        if (at !== undefined) await store.eraseBefore(userStream(brazeId), at);
        return;
      }
      await operations.resume(wait.for);
    }
  };

  return async (run: Run, history: History): Promise<void> => {
    const seen = new Set([history.brazeId]);
    for (const holder of await holdersOf(history, seen)) await restate(run, holder, history.brazeId, seen);
  };
};

const isDeletion = ({ kind }: Operation): boolean => kind === 'delete';

/** True for a user whose events still tell what one of these brought. */
const gaveBack = ({ events, undone }: History, brought: ReadonlySet<BrazeId>): boolean =>
  events.some(
    ({ type, data, revision }) =>
      type === 'UserMerged' && undone.has(revision) && brought.has((data as UserMerged).from),
  );

const restatement = (history: History): readonly UserEvent[] => {
  const { profile, events } = history;
  const closed = profile.status === 'merged' ? lastMergeOf(history) : undefined;
  const stated = closed ? profileBefore(history, closed.revision) : profile;
  if (stated.status !== 'active') return [];
  const merged = [...mergedInto(history)];
  const streams = [...streamsBehind(events)];
  const restated: UserEvent = {
    type: 'ProfileRestated',
    data: { profile: stated as never, merged, streams },
  };
  return profile.status === 'merged'
    ? [restated, { type: 'MergedInto', data: { braze_id: profile.merged_into } }]
    : [restated];
};
