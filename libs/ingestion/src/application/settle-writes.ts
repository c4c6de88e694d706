import { AppendOutcomeUnknown, EventStoreError, laterPosition, type Position } from '@hearth/eventing';
import { MessagingError } from '@hearth/messaging';

import { objectStates, settle, type Places, type SettleableOutcome } from '../domain/settle-outcomes.ts';
import { positionOf, type WriteOutcome } from './apply-writes.ts';
import { AnswerLost, NotStored } from './errors.ts';

/**
 * The position after a request's writes; undefined where none of them found a user. Throws the failure itself where nothing
 * is stored (`NotStored` for what passes), and `AnswerLost` where a part is stored or may be: with what became of each object,
 * where `placesOf` tells them apart.
 */
export const settleWrites = (
  outcomes: readonly WriteOutcome[],
  placesOf?: () => Places,
): Position | undefined => {
  const position = positionOf(outcomes);
  const settleable = outcomes.map(asSettleable);
  const settled = settle(settleable);
  if (settled === 'stored') return position;
  const failure = outcomes.find((outcome) => 'failed' in outcome)!.failed;
  if (settled === 'partly_or_perhaps_stored') {
    const lost = failure instanceof AnswerLost ? failure : undefined;
    throw new AnswerLost(
      lost?.message ?? 'A part of the request is stored, or may be',
      laterPosition(position, lost?.position),
      { cause: failure, ...(placesOf && { objects: objectStates(settleable, placesOf()) }) },
    );
  }
  throw passes(failure) ? new NotStored('Nothing is stored', { cause: failure }) : failure;
};

const asSettleable = (outcome: WriteOutcome): SettleableOutcome => {
  if ('applied' in outcome) return 'applied';
  if ('absent' in outcome) return 'absent';
  return outcome.failed instanceof AppendOutcomeUnknown || outcome.failed instanceof AnswerLost
    ? 'perhaps'
    : 'failed';
};

/** What a caller is told of a failure, by whether anything of the request is stored, or may be. */
export const failureOf = (failure: Error, stored: boolean, position: Position | undefined): Error => {
  if (failure instanceof AnswerLost || failure instanceof NotStored) return failure;
  if (stored || failure instanceof AppendOutcomeUnknown)
    return new AnswerLost('The request is stored, or a part of it may be', position, { cause: failure });
  return passes(failure) ? new NotStored('Nothing is stored', { cause: failure }) : failure;
};

/** Failures of the moment: a dependency that is away, slow or full. Messaging is only asked before an append. */
const passes = (failure: Error): boolean =>
  failure instanceof NotStored ||
  failure instanceof MessagingError ||
  (failure instanceof EventStoreError && PASSING.has(failure.code));

const PASSING: ReadonlySet<string> = new Set(['unavailable', 'store_full', 'store_closed']);
