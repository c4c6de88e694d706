import {
  OPERATION_STREAMS,
  operationStream,
  userStream,
  type BrazeId,
  type Operation,
  type UserEvent,
  type OperationOutcome,
} from '@hearth/contracts';
import type { EventStore, RecordedEvent } from '@hearth/eventing';
import type { Profile } from '@hearth/profiles';

import type { IdentityKeys } from '../identity-keys.ts';
import { readHistory, type History } from './histories.ts';
import { goesBy } from './names.ts';
import type { Run, Step } from './steps.ts';

type Delete = Extract<Operation, { kind: 'delete' }>;

export interface DeletePorts {
  readonly store: Pick<EventStore, 'readStream' | 'eraseBefore'>;
  readonly keys: IdentityKeys;
  readonly step: Step;
  /** Erases what the stream of a request with an idempotency key knows. */
  readonly forgetRequest: (stream: string) => Promise<void>;
  /** Finishes another operation where it is not, and erases what its stream knows. */
  readonly forgetOperation: (stream: string) => Promise<void>;
}

/**
 * Deletes a user and erases what the log holds of it (user-data API §12.6): `UserDeleted` is the only event that stays on its
 * stream. Users who were merged into it are the same person. The user's own stream goes last, since it names all the others:
 * whoever does this again finds them as long as anything is left to do.
 */
export const deleteUser = (ports: DeletePorts) => {
  const { store, keys, step } = ports;

  /** Erases a person whose stream is closed for writes. */
  const erase = async (run: Run, brazeId: BrazeId, isMeant: IsMeant): Promise<OperationOutcome> => {
    const deleted = await step(run, brazeId, 'deleted', ({ profile }): readonly UserEvent[] =>
      isMeant(profile) ? [{ type: 'UserDeleted', data: {} }] : [],
    );
    const { history, at = history.revision } = deleted;
    const { status } = history.profile;
    if (deleted.at === undefined && status !== 'deleted')
      return status === 'active' ? 'not_named_so' : 'gone';
    for (const merged of mergedInto(history)) await erase(run, merged, isThere);
    for (const former of formerSurvivors(history)) await restate(run, former, brazeId);
    // What deletes knows nothing personal, and its caller may ask for the answer again.
    const own = [operationStream(run.id), run.metadata.request];
    for (const stream of streamsBehind(history.events)) {
      if (own.includes(stream)) continue;
      if (stream.startsWith(OPERATION_STREAMS)) await ports.forgetOperation(stream);
      else await ports.forgetRequest(stream);
    }
    await store.eraseBefore(userStream(brazeId), at);
    return 'done';
  };

  /**
   * A user who once took over the deleted one, and gave it back, still has what it brought in an event of its stream: the
   * profile is stated anew, and the events before that are erased.
   */
  const restate = async (run: Run, brazeId: BrazeId, deleted: BrazeId): Promise<void> => {
    const restated = await step(run, brazeId, `restated without ${deleted}`, (history) => {
      const { profile, events } = history;
      if (profile.status !== 'active' || !events.some((event) => merges(event, deleted))) return [];
      const streams = [...streamsBehind(events)];
      const merged = [...mergedInto(history)];
      return [{ type: 'ProfileRestated', data: { profile: profile as never, merged, streams } }];
    });
    if (restated.at !== undefined) await store.eraseBefore(userStream(brazeId), restated.at);
  };

  return async (run: Run, { braze_id: brazeId, name }: Delete): Promise<OperationOutcome> => {
    const { profile, events } = await readHistory(store, brazeId);
    if (profile.status !== 'active' && !(profile.status === 'deleted' && events.length > 1)) return 'gone';
    // Whoever was merged meanwhile is another's by now: only who is there is deleted.
    return erase(run, brazeId, (now) => now.status === 'active' && goesBy(now, name, keys));
  };
};

/** Whether a user is to be deleted, by its profile when it comes to that. */
type IsMeant = (profile: Profile) => boolean;

const isThere: IsMeant = ({ status }) => status === 'active' || status === 'merged';

const merges = (event: RecordedEvent, brazeId: BrazeId): boolean =>
  event.type === 'UserMerged' && (event.data as { from: BrazeId }).from === brazeId;

/** Who was merged into a user and still is. */
const mergedInto = ({ events, undone }: History): ReadonlySet<BrazeId> => {
  const merged = new Set<BrazeId>();
  for (const { type, data, revision } of events)
    if (type === 'UserMerged' && !undone.has(revision)) merged.add((data as { from: BrazeId }).from);
    else if (type === 'ProfileRestated')
      for (const brazeId of (data as { merged: readonly BrazeId[] }).merged) merged.add(brazeId);
  return merged;
};

/** Into whom a user was merged, and is not any more. */
const formerSurvivors = ({ events, undone }: History): ReadonlySet<BrazeId> =>
  new Set(
    events
      .filter(({ type, revision }) => type === 'MergedInto' && undone.has(revision))
      .map(({ data }) => (data as { braze_id: BrazeId }).braze_id),
  );

/** The streams of the requests and operations that led to some events. */
const streamsBehind = (events: readonly RecordedEvent[]): ReadonlySet<string> => {
  const streams = new Set<string>();
  for (const { type, data, metadata } of events) {
    if (metadata.request !== undefined) streams.add(metadata.request);
    if (metadata.operation !== undefined) streams.add(metadata.operation);
    if (type === 'ProfileRestated')
      for (const stream of (data as { streams: readonly string[] }).streams) streams.add(stream);
  }
  return streams;
};
