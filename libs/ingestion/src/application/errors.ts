import type { Position } from '@hearth/eventing';

import type { ObjectStates } from '../domain/settle-outcomes.ts';

/** Nothing of the request is stored; it can be sent again after `retryAfterSeconds`. */
export class NotStored extends Error {
  override readonly name = 'NotStored';
  readonly code = 'not_stored';
  readonly retryAfterSeconds = 1;
}

/** The request, or the part of it up to `position`, is stored and must not be sent again, but its answer was lost. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
  readonly code = 'answer_lost';
  readonly objects: ObjectStates | undefined;
  constructor(
    message: string,
    readonly position: Position | undefined,
    options?: ErrorOptions & {
      /** What became of each object, where the request had several. */
      readonly objects?: ObjectStates;
    },
  ) {
    super(message, options);
    this.objects = options?.objects;
  }
}
