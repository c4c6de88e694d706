import type { Msg } from '@nats-io/transport-node';
import { MessagingError, type RequestOptions } from '@hearth/messaging';
import { errorCodeOf } from './wire-headers.ts';

/** Requests that wait for their answers, by the token at the end of their reply subject. */
export interface PendingRequests {
  /** Sends by means of `send` and waits. What `send` throws is the rejection. */
  begin<Reply>(subject: string, options: RequestOptions, send: (token: string) => void): Promise<Reply>;
  /** Takes an answer in. One that nobody waits for is dropped. */
  settle(token: string, answer: Msg): void;
  /** Ends all that wait. */
  failAll(error: MessagingError): void;
}

interface Pending {
  readonly subject: string;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export const pendingRequests = (): PendingRequests => {
  const pending = new Map<string, Pending & { readonly release: () => void }>();
  let count = 0;

  const take = (token: string): Pending | undefined => {
    const waiting = pending.get(token);
    if (!waiting) return undefined;
    pending.delete(token);
    waiting.release();
    return waiting;
  };

  return {
    begin: <Reply>(
      subject: string,
      { timeoutMs, signal }: RequestOptions,
      send: (token: string) => void,
    ): Promise<Reply> =>
      new Promise<Reply>((resolve, reject) => {
        if (signal?.aborted) throw cancelled(subject);
        const token = (count++).toString(36);
        send(token);
        const abort = () => take(token)?.reject(cancelled(subject));
        const timer = setTimeout(
          () =>
            take(token)?.reject(
              new MessagingError('timeout', `No answer from ${subject} within ${timeoutMs} ms`),
            ),
          timeoutMs,
        );
        signal?.addEventListener('abort', abort, { once: true });
        const release = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
        };
        pending.set(token, { subject, resolve, reject, release });
      }),

    settle: (token, answer) => {
      const waiting = take(token);
      if (!waiting) return;
      try {
        const { headers } = answer;
        const error = headers && errorIn(waiting.subject, headers.code, errorCodeOf(headers), answer);
        if (error) waiting.reject(error);
        else waiting.resolve(answer.json() as never);
      } catch (cause) {
        waiting.reject(
          new MessagingError('internal', `The answer from ${waiting.subject} is not JSON`, {
            cause,
            answered: true,
          }),
        );
      }
    },

    failAll: (error) => {
      for (const token of pending.keys()) take(token)?.reject(error);
    },
  };
};

/** The server answers with status 503 and no payload where nobody listens. */
const errorIn = (subject: string, status: number, code: string | undefined, answer: Msg) => {
  if (status === 503 && answer.data.length === 0)
    return new MessagingError('no_responders', `Nobody answers ${subject}`);
  return code === undefined ? undefined : new MessagingError(code, String(answer.json()), { answered: true });
};

const cancelled = (subject: string) =>
  new MessagingError('cancelled', `The request to ${subject} was cancelled`);
