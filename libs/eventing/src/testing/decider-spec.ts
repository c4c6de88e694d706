import { expect } from 'vitest';
import { isRejection, type Decider, type DomainEvent } from '../index.ts';

/** What a command made of the given events. */
export interface Decided<Event extends DomainEvent, Code extends string> {
  /** Exactly these events, in this order; `[]` for a command that adds nothing. */
  readonly then: (events: readonly Event[]) => void;
  /** A rejection with this code. */
  readonly thenRejected: (code: Code) => void;
}

export interface DeciderSpec<Command, Event extends DomainEvent, Code extends string> {
  readonly given: (events: readonly Event[]) => { when(command: Command): Decided<Event, Code> };
}

/**
 * Tests a decider by its behaviour: given what happened, when a command comes, then these events or this rejection.
 * The events a command produces are folded once more, so that a decision its own `evolve` cannot take shows at once.
 */
export const specFor = <State, Command, Event extends DomainEvent, Code extends string>({
  initialState,
  decide,
  evolve,
}: Decider<State, Command, Event, Code>): DeciderSpec<Command, Event, Code> => ({
  given: (events) => ({
    when: (command) => {
      const state = events.reduce(evolve, initialState);
      const decision = decide(command, state);
      return {
        then: (expected) => {
          expect(decision).toEqual(expected);
          if (!isRejection(decision)) decision.reduce(evolve, state);
        },
        thenRejected: (code) => expect(decision).toMatchObject({ rejected: code }),
      };
    },
  }),
});
