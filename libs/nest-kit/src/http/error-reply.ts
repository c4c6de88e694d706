import { HttpException } from '@nestjs/common';
import type { Json } from '@hearth/contracts';
import { MessagingError } from '@hearth/messaging';

/** What a caller is told: always JSON with `message`, in the public API's envelope (user-data API §4). */
export interface ErrorReply {
  readonly status: number;
  readonly body: { readonly message: string; readonly [field: string]: Json };
  readonly headers?: Readonly<Record<string, string>>;
  /** True where somebody has to look into it: it is logged with its stack. */
  readonly unexpected?: true;
}

/** An error whose answer is settled where it is thrown. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  constructor(
    readonly reply: ErrorReply,
    options?: ErrorOptions,
  ) {
    super(reply.body.message, options);
  }
}

/** The answers to errors by their `code`. A context passes the list of its own. */
export type ErrorReplies = Readonly<Record<string, ErrorReply | ((error: Error) => ErrorReply)>>;

const refusal = (status: number) => (error: Error) => ({ status, body: { message: error.message } });

/** Nothing was stored and a retry is welcome; `seconds` are those of `Retry-After`. */
const tryLater = (seconds: number): ErrorReply => ({
  status: 503,
  body: { message: 'Service Unavailable' },
  headers: { 'Retry-After': String(seconds) },
});

/** It may or may not have happened: no `Retry-After`, since a blind retry could count twice. */
const unknownOutcome: ErrorReply = {
  status: 504,
  body: {
    message: 'No answer in time: the request may have been stored. Look before you send it again.',
  },
};

const internal: ErrorReply = {
  status: 500,
  body: { message: 'Internal Server Error' },
  unexpected: true,
};

/** The codes of the event store and of messaging. Those that are missing here are bugs where they reach HTTP. */
const kernelReplies: ErrorReplies = {
  unavailable: tryLater(1),
  wrong_expected_revision: tryLater(1),
  no_responders: tryLater(1),
  disconnected: tryLater(1),
  closed: tryLater(5),
  store_closed: tryLater(5),
  store_full: { ...tryLater(60), unexpected: true },
  outcome_unknown: unknownOutcome,
  timeout: unknownOutcome,
  cancelled: unknownOutcome,
  connection_lost: unknownOutcome,
  append_too_large: { status: 413, body: { message: 'Request Entity Too Large' } },
  malformed_position: refusal(400),
  position_of_another_store: refusal(400),
  position_beyond_head: refusal(400),
};

const neverDelivered: ReadonlySet<string> = new Set(['no_responders', 'disconnected', 'closed']);

const statusMessages: Readonly<Record<number, string>> = {
  404: 'Not Found',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
};

const httpReply = (error: HttpException): ErrorReply => {
  const status = error.getStatus();
  if (status >= 500 && status !== 503 && status !== 504) return { ...internal, status };
  return { status, body: { message: statusMessages[status] ?? error.message } };
};

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Finds the answer to an error: its own, by its code (`replies` first), by Nest's or Fastify's status, or 500. */
export const errorReply = (error: unknown, replies: ErrorReplies = {}): ErrorReply => {
  if (error instanceof ReplyError) return error.reply;
  if (error instanceof HttpException) return httpReply(error);
  if (!(error instanceof Error)) return internal;
  const code = codeOf(error);
  if (code === undefined) return internal;
  // What a responder met with on its own way is no proof that nothing happened.
  if (error instanceof MessagingError && error.answered && neverDelivered.has(code)) return unknownOutcome;
  const table = Object.hasOwn(replies, code) ? replies : kernelReplies;
  const reply = Object.hasOwn(table, code) ? table[code]! : internal;
  return typeof reply === 'function' ? reply(error) : reply;
};
