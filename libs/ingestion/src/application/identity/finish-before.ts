import { EventStoreUnavailable } from '@hearth/eventing';

import type { Operations } from './operations.ts';

/**
 * Finishes an operation that a call has to wait for. What it fails at is no failure of the call's own appends, of which
 * there are none yet: throws `EventStoreUnavailable`.
 */
export const finishBefore =
  ({ resume }: Pick<Operations, 'resume'>) =>
  async (stream: string): Promise<void> => {
    try {
      await resume(stream);
    } catch (cause) {
      throw new EventStoreUnavailable('An operation on the user could not be finished', { cause });
    }
  };
