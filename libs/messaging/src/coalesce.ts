import { MessagingError } from './errors.ts';
import { copyJson, EncodedJson, encodeJson } from './json-payload.ts';
import type { Messaging } from './messaging.ts';

export interface CoalesceOptions {
  /** The most items one message carries (default 256). */
  readonly maxItems?: number;
}

export interface CoalescedCall {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Asks with one item of a list. Rejects with a `MessagingError`; an item's own error carries the code it was answered with. */
export type Coalesced = <Reply = unknown>(
  subject: string,
  item: unknown,
  call: CoalescedCall,
) => Promise<Reply>;

interface Call {
  readonly item: unknown;
  readonly text: string | undefined;
  readonly bytes: number;
  readonly endsAt: number;
  readonly open: () => boolean;
  readonly answer: (value: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Gathers the calls that wait in one turn of the event loop and go to the same subject into one message: a list in, a list
 * of the same length and order out, where an item may be `{error: {code, message}}`. Messages keep to `maxPayloadBytes` and
 * `maxItems`. Callers stay independent: each has its own timeout and cancellation, and an item that cannot be sent or
 * answered fails alone. Where the answer to a list is too large, the list is asked again in halves, so items must be safe
 * to repeat (reads, or writes with ids).
 */
export const coalesce = (messaging: Messaging, { maxItems = 256 }: CoalesceOptions = {}): Coalesced => {
  /** A new one each turn: one that is cleared again and again keeps what it held in memory (decision 21). */
  let gathered = new Map<string, Call[]>();

  const flush = () => {
    const turn = gathered;
    gathered = new Map();
    for (const [subject, calls] of turn)
      for (const batch of batches(calls, maxItems, messaging.maxPayloadBytes)) void ask(subject, batch);
  };

  const ask = async (subject: string, batch: readonly Call[]): Promise<void> => {
    const calls = batch.filter((call) => call.open());
    if (calls.length === 0) return;
    const timeoutMs = Math.max(1, Math.max(...calls.map(({ endsAt }) => endsAt)) - performance.now());
    try {
      spread(calls, await messaging.request(subject, payloadOf(calls), { timeoutMs: Math.ceil(timeoutMs) }));
    } catch (error) {
      if (calls.length > 1 && isReplyTooLarge(error)) {
        const half = calls.length >> 1;
        await Promise.all([ask(subject, calls.slice(0, half)), ask(subject, calls.slice(half))]);
      } else for (const call of calls) call.fail(error);
    }
  };

  const gather = (subject: string, call: Call) => {
    const waiting = gathered.get(subject);
    if (waiting) waiting.push(call);
    else {
      // After the poll phase: what arrived on other sockets in this turn still gets aboard.
      if (gathered.size === 0) setImmediate(flush);
      gathered.set(subject, [call]);
    }
  };

  return <Reply>(subject: string, item: unknown, { timeoutMs, signal }: CoalescedCall): Promise<Reply> =>
    new Promise<Reply>((resolve, reject) => {
      if (signal?.aborted) throw cancelled(subject);
      const limit = messaging.maxPayloadBytes;
      const text = limit === Infinity ? undefined : encodeJson(item);
      const bytes = text === undefined ? 0 : Buffer.byteLength(text);
      if (bytes + 2 > limit)
        throw new MessagingError('too_large', `An item of ${bytes} bytes does not fit a message of ${limit}`);

      let open = true;
      const end = (): boolean => {
        if (!open) return false;
        open = false;
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        return true;
      };
      const fail = (error: unknown) => void (end() && reject(error));
      const abort = () => fail(cancelled(subject));
      const timer = setTimeout(
        () => fail(new MessagingError('timeout', `No answer from ${subject} within ${timeoutMs} ms`)),
        timeoutMs,
      );
      signal?.addEventListener('abort', abort, { once: true });
      gather(subject, {
        // The list leaves later in the turn; what the caller changes until then is not seen.
        item: text === undefined ? copyJson(item) : undefined,
        text,
        bytes,
        endsAt: performance.now() + timeoutMs,
        open: () => open,
        answer: (value) => void (end() && resolve(value as Reply)),
        fail,
      });
    });
};

const batches = (calls: readonly Call[], maxItems: number, maxBytes: number): Call[][] => {
  const list: Call[][] = [];
  let batch: Call[] = [];
  let bytes = 2;
  for (const call of calls) {
    if (batch.length > 0 && (batch.length >= maxItems || bytes + call.bytes + 1 > maxBytes)) {
      list.push(batch);
      batch = [];
      bytes = 2;
    }
    batch.push(call);
    bytes += call.bytes + 1;
  }
  if (batch.length > 0) list.push(batch);
  return list;
};

const payloadOf = (calls: readonly Call[]): unknown =>
  calls[0]!.text === undefined
    ? calls.map(({ item }) => item)
    : new EncodedJson(`[${calls.map(({ text }) => text).join(',')}]`);

const spread = (calls: readonly Call[], answers: unknown): void => {
  if (!Array.isArray(answers) || answers.length !== calls.length)
    throw new MessagingError('internal', `The answer to a list of ${calls.length} is not a list of as many`, {
      answered: true,
    });
  calls.forEach((call, index) => {
    const error = itemError(answers[index]);
    if (error) call.fail(error);
    else call.answer(answers[index]);
  });
};

const itemError = (answer: unknown): MessagingError | undefined => {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined;
  const { error } = answer;
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string')
    return undefined;
  const message = 'message' in error && typeof error.message === 'string' ? error.message : error.code;
  return new MessagingError(error.code, message, { answered: true });
};

const isReplyTooLarge = (error: unknown) =>
  error instanceof MessagingError && error.code === 'reply_too_large';

const cancelled = (subject: string) =>
  new MessagingError('cancelled', `The request to ${subject} was cancelled`);
