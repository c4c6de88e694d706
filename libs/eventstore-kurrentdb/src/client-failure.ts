import {
  AccessDeniedError,
  DeadlineExceededError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@kurrent/kurrentdb-client';
import {
  EventStoreError,
  EventStoreUnavailable,
  WrongExpectedRevision,
  type ExpectedRevision,
} from '@hearth/eventing';

/** A call that this side gave up: the client keeps no deadline of its own for appends. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';
}

/**
 * What a failure of the client means. `refused`: the server answered, and would answer so again. `away`: the server
 * cannot have got the call. `lost`: it may have got it; whether it carried it out is open. `undecided`: open as well, but
 * the server says so itself, so the way to it is sound.
 */
export type ClientFailure =
  | { readonly kind: 'refused'; readonly error: EventStoreError }
  | { readonly kind: 'away' | 'lost' | 'undecided'; readonly cause: unknown };

/** Signs in messages that the call never left, or met a server that takes none yet. */
const neverTaken =
  /No connection established|ECONNREFUSED|Failed to discover|Server Is Not Ready|ENOTFOUND|EAI_AGAIN/i;

export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Every error of the client has the name "Error", so its classes decide, and for those without one their text. */
export const failureOf = (cause: unknown, stream: string): ClientFailure => {
  const refused = (error: EventStoreError): ClientFailure => ({ kind: 'refused', error });
  if (cause instanceof EventStoreUnavailable) return { kind: 'away', cause };
  if (cause instanceof EventStoreError) return refused(cause);
  if (cause instanceof WrongExpectedVersionError)
    return refused(new WrongExpectedRevision(stream, 'any', actualRevisionOf(cause)));
  if (cause instanceof MaxAppendSizeExceededError)
    return refused(
      new EventStoreError(
        'append_too_large',
        `${stream}: the server takes ${cause.maxAppendSize} bytes an append`,
        {
          cause,
        },
      ),
    );
  if (cause instanceof AccessDeniedError)
    return refused(
      new EventStoreError(
        'store_inaccessible',
        `KurrentDB refused access to ${stream}: check the user in the connection string and its rights`,
        { cause },
      ),
    );
  if (cause instanceof StreamDeletedError)
    return refused(
      new EventStoreError(
        'store_damaged',
        `${stream} carries a tombstone, so it can never be written again; restore it from a backup`,
        { cause },
      ),
    );
  if (cause instanceof InvalidArgumentError)
    return refused(new EventStoreError('invalid_append', `${stream}: ${cause.message}`, { cause }));
  // In the answer to an append it has no code: a commit took the server too long, or the same events were on their way.
  if (cause instanceof DeadlineExceededError && cause.code === undefined) return { kind: 'undecided', cause };
  return { kind: neverTaken.test(messageOf(cause)) ? 'away' : 'lost', cause };
};

/** The revision that the server found instead of the one expected. */
const actualRevisionOf = ({ actualState }: WrongExpectedVersionError): number | 'no_stream' =>
  typeof actualState === 'bigint' ? Number(actualState) : 'no_stream';

/** The same refusal, naming what the caller expected. */
export const refusalFor = (error: EventStoreError, expected: ExpectedRevision): EventStoreError =>
  error instanceof WrongExpectedRevision
    ? new WrongExpectedRevision(error.stream, expected, error.actual)
    : error;
