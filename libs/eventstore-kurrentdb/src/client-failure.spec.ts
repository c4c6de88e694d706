import { describe, expect, it } from 'vitest';
import {
  AccessDeniedError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@kurrent/kurrentdb-client';
import { EventStoreError, EventStoreUnavailable, WrongExpectedRevision } from '@hearth/eventing';
import { CallTimeout, failureOf, refusalFor } from './client-failure.ts';

/** What the client makes its errors from. */
const raw = (message: string, code: number): ConstructorParameters<typeof UnavailableError>[0] =>
  Object.assign(new Error(message), { code, details: message }) as unknown as ConstructorParameters<
    typeof UnavailableError
  >[0];

const wrongExpected = (current: bigint | 'no_stream'): WrongExpectedVersionError =>
  new WrongExpectedVersionError(undefined as never, { streamName: 'user-1', current, expected: 3n });

describe('a refusal', () => {
  it.each([
    [4n, 4],
    ['no_stream', 'no_stream'],
  ] as const)('names the revision found: %s', (current, actual) => {
    const failure = failureOf(wrongExpected(current), 'user-1');
    expect(failure).toMatchObject({ kind: 'refused', error: { stream: 'user-1', actual } });
  });

  it.each([
    ['append_too_large', new MaxAppendSizeExceededError(undefined as never, 1_048_576)],
    ['store_inaccessible', new AccessDeniedError(raw('denied', 7))],
    ['store_damaged', StreamDeletedError.fromStreamName('user-1')],
  ])('is told as %s', (code, cause) => {
    expect(failureOf(cause, 'user-1')).toMatchObject({ kind: 'refused', error: { code } });
  });

  it('is passed on where it is ours already', () => {
    const error = new EventStoreError('store_closed', 'closed');
    expect(failureOf(error, 'user-1')).toEqual({ kind: 'refused', error });
  });

  it('names what the caller expected', () => {
    expect(refusalFor(new WrongExpectedRevision('user-1', 'any', 4), 7)).toMatchObject({
      expected: 7,
      actual: 4,
    });
  });
});

describe('a failure', () => {
  it.each([
    new Error('14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED 127.0.0.1:2113'),
    new Error('Failed to discover after 10 attempts.'),
    new UnknownError(raw('Could not recognize Server Is Not Ready', 2)),
    new EventStoreUnavailable('no answer'),
  ])('in which the call never left: %s', (cause) => {
    expect(failureOf(cause, 'user-1')).toEqual({ kind: 'away', cause });
  });

  it.each([
    new UnavailableError(raw('14 UNAVAILABLE: read ECONNRESET', 14)),
    new UnavailableError(raw('13 INTERNAL: RST_STREAM', 13)),
    new Error('14 UNAVAILABLE: Connection dropped'),
    new DeadlineExceededError(raw('4 DEADLINE_EXCEEDED', 4)),
    new CallTimeout('KurrentDB gave no answer for 7000 ms'),
    new UnknownError(raw('something new', 2)),
  ])('that leaves the outcome open: %s', (cause) => {
    expect(failureOf(cause, 'user-1')).toEqual({ kind: 'lost', cause });
  });

  it('that the server itself reports of a commit leaves the outcome open, and the way to it sound', () => {
    const cause = new DeadlineExceededError(undefined as never);
    expect(failureOf(cause, 'user-1')).toEqual({ kind: 'undecided', cause });
  });
});
