/** Why an event store refused or failed; `code` is stable, `message` is for people. */
export type EventStoreErrorCode =
  | 'wrong_expected_revision'
  | 'append_too_large'
  | 'invalid_append'
  | 'unavailable'
  | 'outcome_unknown'
  | 'store_full'
  | 'store_damaged'
  | 'store_newer'
  | 'store_inaccessible'
  | 'store_in_use'
  | 'store_closed'
  | 'malformed_position'
  | 'position_of_another_store'
  | 'position_beyond_head';

/** The base of every error that an event store throws. */
export class EventStoreError extends Error {
  override readonly name: string = 'EventStoreError';
  readonly code: EventStoreErrorCode;
  constructor(code: EventStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The stream is not at the expected revision. `actual` is the revision of its last event, or `no_stream`. */
export class WrongExpectedRevision extends EventStoreError {
  override readonly name = 'WrongExpectedRevision';
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly actual: number | 'no_stream';
  constructor(stream: string, expected: ExpectedRevision, actual: number | 'no_stream') {
    super('wrong_expected_revision', `${stream} is at ${actual}, expected ${expected}`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/** Nothing was stored: the store cannot be reached, or is starting. Worth a retry. */
export class EventStoreUnavailable extends EventStoreError {
  override readonly name = 'EventStoreUnavailable';
  constructor(message: string, options?: ErrorOptions) {
    super('unavailable', message, options);
  }
}

/** The answer was lost: it may or may not be stored. A retry of the same events with the same ids settles it. */
export class AppendOutcomeUnknown extends EventStoreError {
  override readonly name = 'AppendOutcomeUnknown';
  constructor(message: string, options?: ErrorOptions) {
    super('outcome_unknown', message, options);
  }
}

/** A position that cannot be used here: malformed, of another store, or beyond this one's head. */
export class PositionError extends EventStoreError {
  override readonly name = 'PositionError';
  constructor(
    code: Extract<
      EventStoreErrorCode,
      'malformed_position' | 'position_of_another_store' | 'position_beyond_head'
    >,
    message: string,
  ) {
    super(code, message);
  }
}

/** What a stream must be at for an append to stand: the revision of its last event, or one of three words. */
export type ExpectedRevision = number | 'no_stream' | 'stream_exists' | 'any';
