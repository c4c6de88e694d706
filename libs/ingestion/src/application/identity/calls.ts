import type { Operation, OperationOutcome } from '@hearth/contracts';

import type { Horizon } from '../find-target.ts';
import type { IngestionPorts, RequestContext } from '../ports.ts';
import { failureOf } from '../settle-writes.ts';
import type { Accepted } from '../track.ts';
import type { Operations } from './operations.ts';
import { AGAIN, untilSettled } from './until-settled.ts';

/** What one entry of a request asks for. */
export interface Entry<Result> {
  /** Names the entry within the request, alike in every attempt at it. */
  readonly part: string;
  /** What is to be done by who is who now; where that is nothing, the result. */
  readonly decide: () => Promise<Operation | { readonly result: Result } | typeof AGAIN>;
  /** The result by what came of it. `operation` is missing where the log has forgotten what it was to do. */
  readonly resultOf: (outcome: OperationOutcome, operation: Operation | undefined) => Result | typeof AGAIN;
}

/** One request to an identity endpoint at work. */
export interface Call {
  readonly context: RequestContext;
  /**
   * Carries out an entry, again where users changed meanwhile. What an earlier attempt at the request began is finished and
   * not decided again: by now it may look like nothing to do, or like a mistake.
   */
  settle<Result>(entry: Entry<Result>): Promise<Result>;
  /** Takes note that something of the request is stored. */
  stored(): void;
}

export interface CallPorts extends Pick<IngestionPorts, 'newId' | 'clock'> {
  readonly operations: Operations;
  readonly horizon: Horizon;
}

/**
 * Carries out a request and answers how far the log reaches with it. Throws `NotStored` where nothing of it is stored and it can be
 * sent again, `AnswerLost` where a part is: operations that were started are finished without the caller.
 */
export const identityCalls =
  ({ operations, horizon, newId, clock }: CallPorts) =>
  async <Reply>(context: RequestContext, work: (call: Call) => Promise<Reply>): Promise<Accepted<Reply>> => {
    const { request } = context;
    let isStored = false;
    const stored = (): void => void (isStored = true);

    const settle: Call['settle'] = ({ part, decide, resultOf }) =>
      untilSettled(clock, context, async (race) => {
        const id = request?.idOf(`operation ${part}.${race}`) ?? newId();
        const begun = request?.follows ? await operations.finishEarlier(id, stored) : undefined;
        if (begun) return resultOf(begun.outcome, begun.operation);
        const decided = await decide();
        if (decided === AGAIN) return AGAIN;
        if ('result' in decided) return decided.result;
        return resultOf(await operations.run(id, decided, context, stored), decided);
      });

    try {
      const reply = await work({ context, settle, stored });
      return { reply, position: isStored ? horizon.position : undefined };
    } catch (error) {
      throw failureOf(error as Error, isStored, horizon.position);
    }
  };
