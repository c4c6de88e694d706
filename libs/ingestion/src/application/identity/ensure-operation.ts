import type { Operation } from '@hearth/contracts';
import { EventStoreUnavailable } from '@hearth/eventing';
import { setTimeout as pause } from 'node:timers/promises';

import type { Clock, RequestContext } from '../ports.ts';
import type { Operations } from './operations.ts';

export interface EnsureOperationPorts {
  readonly operations: Pick<Operations, 'run'>;
  readonly clock: Clock;
}

/**
 * Has an operation done as the consequence of a write. Resolves when it is done, or sure to be: once it stands in the log a
 * failure is made good by whoever finishes operations, and at the caller's deadline it goes on without the caller. Throws
 * where it did not come into the log.
 */
export const ensureOperation =
  ({ operations, clock }: EnsureOperationPorts) =>
  async (id: string, operation: Operation, context: RequestContext): Promise<void> => {
    let isStored = false;
    const work = operations
      .run(id, operation, context, () => (isStored = true))
      .then(
        () => undefined,
        (error: unknown) => {
          if (!isStored) throw error;
        },
      );
    const answered = new AbortController();
    const late = pause(Math.max(1, context.deadline - clock.now()), undefined, {
      signal: answered.signal,
    }).then(
      () => {
        if (!isStored) throw new EventStoreUnavailable('The deadline passed before the operation was stored');
      },
      () => undefined,
    );
    try {
      await Promise.race([work, late]);
    } finally {
      answered.abort();
      work.catch(() => undefined); // whoever waited has been told by then
      late.catch(() => undefined);
    }
  };
