import { userStream, type BrazeId, type UserEvent } from '@hearth/contracts';
import {
  EventStoreUnavailable,
  laterPosition,
  WrongExpectedRevision,
  type EventMetadata,
  type EventStore,
  type NewEvent,
} from '@hearth/eventing';

import type { Horizon } from '../find-target.ts';
import type { IdentityKeys } from '../identity-keys.ts';
import type { Lanes } from '../lanes.ts';
import type { UserDirectory } from '../user-directory.ts';
import { readHistory, type History } from './histories.ts';

/** An operation at work. */
export interface Run {
  /** The id of the operation: ids of what it appends derive from it. */
  readonly id: string;
  readonly metadata: EventMetadata;
}

export interface StepPorts {
  readonly store: EventStore;
  readonly keys: IdentityKeys;
  readonly directory: UserDirectory;
  readonly inLane: Lanes;
  readonly horizon: Horizon;
}

/** What became of a step: the user as it was decided on, and whether the step's events stand. */
export interface Stepped {
  readonly history: History;
  /** The revision of the step's first event; undefined where nothing was to be appended. */
  readonly at: number | undefined;
}

/**
 * Decides a step of an operation on the whole history of a user and appends what follows, at the exact revision that was
 * decided on: a lost race decides again. A step that stands already is recognised by its event id and not decided any more.
 */
export type Step = (
  run: Run,
  brazeId: BrazeId,
  name: string,
  decide: (history: History) => readonly UserEvent[] | Promise<readonly UserEvent[]>,
) => Promise<Stepped>;

const MAX_RACES = 50;

export const createStep = ({ store, keys, directory, inLane, horizon }: StepPorts): Step => {
  const attempt = async (
    run: Run,
    history: History,
    name: string,
    events: readonly UserEvent[],
  ): Promise<number | undefined> => {
    const { brazeId, revision } = history;
    const appended = events.map((event, index): NewEvent => ({
      id: keys.stepIdOf(run.id, `${brazeId}:${name}:${index}`),
      ...event,
      metadata: run.metadata,
    }));
    try {
      const { position } = await store.append(userStream(brazeId), appended, {
        expectedRevision: revision === -1 ? 'no_stream' : revision,
      });
      horizon.position = laterPosition(horizon.position, position);
      return revision + 1;
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return undefined;
      throw error;
    } finally {
      // What is remembered under the user's old names may not hold any more.
      directory.forget(brazeId);
    }
  };

  return (run, brazeId, name, decide) =>
    inLane(brazeId, async () => {
      for (let race = 0; race < MAX_RACES; race++) {
        const history = await readHistory(store, brazeId);
        const id = keys.stepIdOf(run.id, `${brazeId}:${name}:0`);
        const standing = history.events.find((event) => event.id === id);
        if (standing) return { history, at: standing.revision };
        const events = await decide(history);
        if (events.length === 0) return { history, at: undefined };
        const at = await attempt(run, history, name, events);
        if (at !== undefined) return { history, at };
      }
      throw new EventStoreUnavailable('Others kept writing to the same user');
    });
};
