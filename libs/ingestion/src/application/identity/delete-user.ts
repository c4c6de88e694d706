import {
  OPERATION_STREAMS,
  operationStream,
  userStream,
  type BrazeId,
  type Operation,
  type UserEvent,
  type OperationOutcome,
} from '@hearth/contracts';
import type { EventStore } from '@hearth/eventing';
import type { Profile } from '@hearth/profiles';

import type { IdentityKeys } from '../identity-keys.ts';
import { readHistory } from './histories.ts';
import { goesBy } from './names.ts';
import { mergedInto, streamsBehind } from './persons.ts';
import { createRestateHolders, type RestatePorts } from './restate-holders.ts';
import type { Run } from './steps.ts';

type Delete = Extract<Operation, { kind: 'delete' }>;

export interface DeletePorts extends RestatePorts {
  readonly store: Pick<EventStore, 'readStream' | 'eraseBefore'>;
  readonly keys: IdentityKeys;
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
  const restateHolders = createRestateHolders(ports);

  /** Two deletions may each have restated somebody whom the other one erases: neither waits for the other. */
  const isDeletionAtWork = async (stream: string): Promise<boolean> =>
    (await ports.operations.unfinished(stream))?.kind === 'delete';

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
    await restateHolders(run, history);
    // What deletes knows nothing personal, and its caller may ask for the answer again.
    const own = [operationStream(run.id), run.metadata.request];
    for (const stream of streamsBehind(history.events)) {
      if (own.includes(stream)) continue;
      if (!stream.startsWith(OPERATION_STREAMS)) await ports.forgetRequest(stream);
      else if (!(await isDeletionAtWork(stream))) await ports.forgetOperation(stream);
    }
    await store.eraseBefore(userStream(brazeId), at);
    return 'done';
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
