import { MessagingError } from './errors.ts';
import { copyJson, EncodedJson, encodeJson, OwnedJson } from './json-payload.ts';
import type { Messaging } from './messaging.ts';

export interface CoalesceOptions {
  /** The most items one message carries (default 256). */
  readonly maxItems?: number;
}

export interface CoalescedCall {
  /** In milliseconds. The call ends some 10 ms later at most where others that travel with it have longer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Asks with one item of a list. Rejects with a `MessagingError`; an item's own error carries the code it was answered with. */
export type Coalesced = <Reply = unknown>(
  subject: string,
  item: unknown,
  call: CoalescedCall,
) => Promise<Reply>;

/** A call that waits: gathered, or on its way in a message. */
interface Call {
  readonly item: unknown;
  readonly text: string | undefined;
  readonly bytes: number;
  readonly timeoutMs: number;
  readonly endsAt: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  isOpen: boolean;
  /** Only where the call ends before the message that it travels in. */
  timer: NodeJS.Timeout | undefined;
  abort: (() => void) | undefined;
}

/** A timer for each call of thousands a second costs more than calls that end so much later. */
const LATE_MS = 10;

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
    const calls = batch.filter((call) => call.isOpen);
    if (calls.length === 0) return;
    const endsAt = Math.max(...calls.map((call) => call.endsAt));
    const left = Math.max(1, endsAt - performance.now());
    for (const call of calls) if (call.endsAt + LATE_MS < endsAt) endInTime(subject, call);
    try {
      spread(calls, await messaging.request(subject, payloadOf(calls), { timeoutMs: Math.ceil(left) }));
    } catch (error) {
      // Where nothing is measured there are no limits, and what was handed over is not ours to send again.
      if (calls.length > 1 && calls[0]!.text !== undefined && isReplyTooLarge(error)) {
        const half = calls.length >> 1;
        await Promise.all([ask(subject, calls.slice(0, half)), ask(subject, calls.slice(half))]);
      } else for (const call of calls) fail(call, error);
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
      const call: Call = {
        // The list leaves later in the turn; what the caller changes until then is not seen.
        item: text === undefined ? copyJson(item) : undefined,
        text,
        bytes,
        timeoutMs,
        endsAt: performance.now() + timeoutMs,
        signal,
        resolve,
        reject,
        isOpen: true,
        timer: undefined,
        abort: undefined,
      };
      if (signal) endWith(signal, subject, call);
      gather(subject, call);
    });
};

const endWith = (signal: AbortSignal, subject: string, call: Call): void => {
  call.abort = () => fail(call, cancelled(subject));
  signal.addEventListener('abort', call.abort, { once: true });
};
const endInTime = (subject: string, call: Call): void => {
  const { timeoutMs } = call;
  call.timer ??= setTimeout(
    () => fail(call, new MessagingError('timeout', `No answer from ${subject} within ${timeoutMs} ms`)),
    Math.max(1, call.endsAt - performance.now()),
  );
};

/** False where the call had ended before. */
const end = (call: Call): boolean => {
  if (!call.isOpen) return false;
  call.isOpen = false;
  clearTimeout(call.timer);
  if (call.abort) call.signal?.removeEventListener('abort', call.abort);
  return true;
};
const answer = (call: Call, value: unknown): void => {
  if (end(call)) call.resolve(value as never);
};
const fail = (call: Call, error: unknown): void => {
  if (end(call)) call.reject(error);
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
    ? new OwnedJson(calls.map(({ item }) => item))
    : new EncodedJson(`[${calls.map(({ text }) => text).join(',')}]`);

const spread = (calls: readonly Call[], answers: unknown): void => {
  if (!Array.isArray(answers) || answers.length !== calls.length)
    throw new MessagingError('internal', `The answer to a list of ${calls.length} is not a list of as many`, {
      answered: true,
    });
  calls.forEach((call, index) => {
    const error = itemError(answers[index]);
    if (error) fail(call, error);
    else answer(call, answers[index]);
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
