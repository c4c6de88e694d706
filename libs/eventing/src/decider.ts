/** A command that the rules refuse: a value, not an exception. */
export interface Rejection<Code extends string = string> {
  readonly rejected: Code;
  readonly detail: string;
}

export const reject = <Code extends string>(rejected: Code, detail: string): Rejection<Code> => ({
  rejected,
  detail,
});

export const isRejection = (value: object): value is Rejection => 'rejected' in value;

/** A change to be recorded, before it has an id and metadata. */
export interface DomainEvent {
  readonly type: string;
  readonly data: unknown;
}

/**
 * The rules of one kind of stream as three pure functions. `decide` gets everything it needs as values; an empty list
 * means that there is nothing to add, which makes a resend harmless. `evolve` passes over events it does not know.
 */
export interface Decider<State, Command, Event extends DomainEvent, Code extends string = string> {
  readonly initialState: State;
  readonly decide: (command: Command, state: State) => readonly Event[] | Rejection<Code>;
  readonly evolve: (state: State, event: Event) => State;
}
