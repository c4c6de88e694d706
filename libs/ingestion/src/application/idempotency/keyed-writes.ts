import { laterPosition, isRejection, type EventMetadata, type NewEvent } from '@hearth/eventing';
import { userDecider, type CreateUser, type UserCommand } from '@hearth/users';

import type { Applied, ToEvent } from '../append-to-user.ts';
import type { KeyedRequest } from '../ports.ts';
import type { StoredEvent } from './stored-events.ts';

interface Write {
  readonly commands: readonly UserCommand[];
  readonly inputArray?: string;
  readonly index?: number;
}

/** The writes of a request with an idempotency key: what makes them the same in every attempt. */
export interface KeyedWrites {
  /** Where a write stands that is stored already, all of it. */
  applied(index: number): Applied | undefined;
  /** Names events after their place in the request, and leaves out those that are stored. */
  readonly toEvent: ToEvent;
  /** False where no attempt came before, nor was seen beside this one: nothing needs to be looked for. */
  readonly mayBeStored: boolean;
  /** Looks for what is stored by now. */
  look(): Promise<void>;
}

/**
 * The events of a request are named after the object they come from, never after the user: whom an identifier names can be
 * another one in the next attempt.
 */
export const keyedWrites = (
  request: KeyedRequest,
  writes: readonly Write[],
  metadata: EventMetadata,
): KeyedWrites => {
  let mayBeStored = request.follows;
  const parts = new Map<UserCommand, string>();
  writes.forEach(({ commands, inputArray, index }, at) =>
    commands.forEach((command, nth) => parts.set(command, `${inputArray ?? ''}.${index ?? at}.${nth}`)),
  );
  const idOf = (command: CreateUser | UserCommand, nth: number): string =>
    request.idOf(
      command.type === 'CreateUser' ? `created.${command.data.braze_id}` : `${parts.get(command)}.${nth}`,
    );

  return {
    get mayBeStored() {
      return mayBeStored;
    },
    look: () => {
      mayBeStored = true;
      return request.stored.look();
    },
    toEvent: (event, command, nth): NewEvent | undefined => {
      const id = idOf(command, nth);
      return request.stored.get(id) ? undefined : { id, ...event, metadata };
    },
    applied(index) {
      let last: StoredEvent | undefined;
      for (const command of writes[index]!.commands) {
        const events = userDecider.decide(command, { status: 'active' });
        if (isRejection(events)) return undefined;
        for (let nth = 0; nth < events.length; nth++) {
          const stored = request.stored.get(idOf(command, nth));
          if (!stored) return undefined;
          if (!last || laterPosition(last.position, stored.position) === stored.position) last = stored;
        }
      }
      return last && { ...last, events: [] };
    },
  };
};
