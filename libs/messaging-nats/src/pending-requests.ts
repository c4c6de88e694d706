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
  readonly release: () => void;
}

/** Emptied before it leaves its map (decision 21). */
interface Waiting {
  pending: Pending | undefined;
}

export const pendingRequests = (): PendingRequests => {
  const waiting = new Map<string, Waiting>();
  let count = 0;

  const take = (token: string): Pending | undefined => {
    const entry = waiting.get(token);
    const pending = entry?.pending;
    if (!entry || !pending) return undefined;
    entry.pending = undefined;
    waiting.delete(token);
    pending.release();
    return pending;
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
        waiting.set(token, { pending: { subject, resolve, reject, release } });
      }),

    settle: (token, answer) => {
      const pending = take(token);
      if (!pending) return;
      try {
        const { headers } = answer;
        const error = headers && errorIn(pending.subject, headers.code, errorCodeOf(headers), answer);
        if (error) pending.reject(error);
        else pending.resolve(answer.json() as never);
      } catch (cause) {
        pending.reject(
          new MessagingError('internal', `The answer from ${pending.subject} is not JSON`, {
            cause,
            answered: true,
          }),
        );
      }
    },

    failAll: (error) => {
      for (const token of waiting.keys()) take(token)?.reject(error);
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
