/**
 * Why a request got no answer. `no_responders`, `disconnected`, `closed`, `too_large`, `invalid_payload` and
 * `invalid_subject` mean that no handler has seen it. After `timeout`, `cancelled` and `connection_lost` it may have been
 * handled; after `reply_too_large` it was, and only its answer did not fit. Every other code is the handler's own.
 */
export type MessagingErrorCode =
  | 'no_responders'
  | 'disconnected'
  | 'closed'
  | 'too_large'
  | 'invalid_payload'
  | 'invalid_subject'
  | 'timeout'
  | 'cancelled'
  | 'connection_lost'
  | 'reply_too_large'
  | 'internal';

const NEVER_DELIVERED: ReadonlySet<string> = new Set<MessagingErrorCode>([
  'no_responders',
  'disconnected',
  'closed',
  'too_large',
  'invalid_payload',
  'invalid_subject',
]);

export class MessagingError extends Error {
  override readonly name = 'MessagingError';

  /**
   * True where the code is a responder's answer. A handler may fail because its own request found nobody, say; its
   * caller then sees `no_responders` as well, though its own request was delivered.
   */
  readonly answered: boolean;
  readonly code: MessagingErrorCode | (string & {});

  constructor(
    code: MessagingErrorCode | (string & {}),
    message: string,
    options: ErrorOptions & { readonly answered?: boolean } = {},
  ) {
    super(message, options);
    this.code = code;
    this.answered = options.answered ?? false;
  }
}

/** True where it is certain that no handler has seen the request. */
export const wasNeverDelivered = (error: unknown): boolean =>
  error instanceof MessagingError && !error.answered && NEVER_DELIVERED.has(error.code);

/** What a caller is told of a failed handler: errors with a string `code` keep it, others stay private. */
export const answerOfError = (error: unknown): { readonly code: string; readonly message: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? { code: error.code, message: error.message }
    : { code: 'internal', message: 'The handler failed' };
