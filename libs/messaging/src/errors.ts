/**
 * Why a request got no answer. `no_responders`, `disconnected` and `too_large` mean that nobody has seen it; after
 * `timeout` and `cancelled` it may have been handled; every other code is the handler's own.
 */
export type MessagingErrorCode =
  'no_responders' | 'disconnected' | 'too_large' | 'timeout' | 'cancelled' | 'internal' | 'closed';

export class MessagingError extends Error {
  override readonly name = 'MessagingError';
  constructor(
    readonly code: MessagingErrorCode | (string & {}),
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** True where it is certain that no handler has seen the request. */
export const wasNeverDelivered = (error: unknown): boolean =>
  error instanceof MessagingError &&
  ['no_responders', 'disconnected', 'too_large', 'closed'].includes(error.code);
