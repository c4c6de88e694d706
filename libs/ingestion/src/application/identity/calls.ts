import type { Operation, OperationOutcome } from '@hearth/contracts';

import type { Horizon } from '../find-target.ts';
import type { IngestionPorts, RequestContext } from '../ports.ts';
import { failureOf } from '../settle-writes.ts';
import type { Accepted } from '../track.ts';
import type { Operations } from './operations.ts';

/** One request to an identity endpoint at work. */
export interface Call {
  readonly context: RequestContext;
  /** Carries out an operation; `part` names it within the request, alike in every attempt at it. */
  run(part: string, operation: Operation): Promise<OperationOutcome>;
  /** Takes note that something of the request is stored. */
  stored(): void;
}

export interface CallPorts extends Pick<IngestionPorts, 'newId'> {
  readonly operations: Operations;
  readonly horizon: Horizon;
}

/**
 * Carries out a request and answers how far the log reaches with it. Throws `NotStored` where nothing of it is stored and it can be
 * sent again, `AnswerLost` where a part is: operations that were started are finished without the caller.
 */
export const identityCalls =
  ({ operations, horizon, newId }: CallPorts) =>
  async <Reply>(context: RequestContext, work: (call: Call) => Promise<Reply>): Promise<Accepted<Reply>> => {
    let isStored = false;
    const stored = (): void => void (isStored = true);
    const run: Call['run'] = (part, operation) =>
      operations.run(context.request?.idOf(`operation ${part}`) ?? newId(), operation, context, stored);
    try {
      const reply = await work({ context, run, stored });
      return { reply, position: isStored ? horizon.position : undefined };
    } catch (error) {
      throw failureOf(error as Error, isStored, horizon.position);
    }
  };
