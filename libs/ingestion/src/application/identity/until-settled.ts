import type { OperationOutcome } from '@hearth/contracts';
import { EventStoreUnavailable } from '@hearth/eventing';

import type { Clock, RequestContext } from '../ports.ts';

/** Somebody was faster: the users are not what they were when they were looked up. */
export const AGAIN = Symbol('again');

/**
 * Looks up users and acts on them, again where others changed them in between: whoever they are by then is meant. Throws
 * `EventStoreUnavailable` where that goes on until the deadline. `attempt` is told how often it was tried before.
 */
export const untilSettled = async <Result>(
  clock: Clock,
  context: RequestContext,
  attempt: (race: number) => Promise<Result | typeof AGAIN>,
): Promise<Result> => {
  for (let race = 0; race === 0 || clock.now() <= context.deadline; race++) {
    const result = await attempt(race);
    if (result !== AGAIN) return result;
  }
  throw new EventStoreUnavailable('Others kept changing the same users until the deadline');
};

/** Nothing is to be done for an entry, and that is no error. */
export const NOTHING = { result: undefined } as const;

/** The result of an entry whose answer does not tell what came of it. */
export const doneUnlessChanged = (outcome: OperationOutcome): typeof AGAIN | undefined =>
  outcome === 'gone' || outcome === 'busy' || outcome === 'not_named_so' ? AGAIN : undefined;
