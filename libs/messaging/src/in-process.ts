import { answerOfError, MessagingError } from './errors.ts';
import { inFlight, type InFlight } from './in-flight.ts';
import { inProcessRoutes } from './in-process-routes.ts';
import { copyJson, encodeJson, OwnedJson } from './json-payload.ts';
import type {
  MessageContext,
  MessageHandler,
  Messaging,
  MessagingHooks,
  RequestHandler,
  RequestOptions,
} from './messaging.ts';
import { checkPattern, checkSubject } from './subjects.ts';

export interface InProcessOptions {
  /** Refuses larger payloads, as a wire would. Without it nothing is measured. */
  readonly maxPayloadBytes?: number;
  /** Epoch milliseconds; deadlines are counted from it. */
  readonly now?: () => number;
}

interface Listener {
  readonly subject: string;
  readonly queue: string | undefined;
  readonly handler: RequestHandler | MessageHandler;
  readonly answers: boolean;
  readonly hooks: MessagingHooks;
  readonly inFlight: InFlight;
}

type Answer = (error: MessagingError | undefined, value?: unknown) => void;

/** A request that waits for its answer; emptied before it leaves its set (decision 21). */
interface Waiting {
  settle: Answer | undefined;
}

/**
 * Messaging within one process, for embedded mode and tests: the semantics of the NATS adapter without a wire.
 * Each `connect` gives one end; ends close on their own. Payloads and answers are copied (measured: 0.7 µs for a read of
 * 350 bytes, 2.4 µs for a profile of 1.4 KB), so a handler's mutation never reaches its caller.
 */
export const inProcessBus = (
  options: InProcessOptions = {},
): { connect(hooks?: MessagingHooks): Messaging } => {
  const { maxPayloadBytes = Infinity, now = Date.now } = options;
  const routes = inProcessRoutes<Listener>();

  const fits = (payload: unknown) =>
    maxPayloadBytes === Infinity || Buffer.byteLength(encodeJson(payload)) <= maxPayloadBytes;
  const checkSize = (payload: unknown) => {
    if (!fits(payload))
      throw new MessagingError('too_large', `A payload may have ${maxPayloadBytes} bytes at most`);
  };

  const run = async (listener: Listener, payload: unknown, context: MessageContext, answer?: Answer) => {
    try {
      const value = await listener.handler(payload, context);
      if (!listener.answers || !answer) return;
      if (fits(value)) answer(undefined, copyJson(value));
      else
        answer(
          new MessagingError('reply_too_large', `The answer has more than ${maxPayloadBytes} bytes`, {
            answered: true,
          }),
        );
    } catch (error) {
      const { code, message } = answerOfError(error);
      if (code === 'internal' || !listener.answers || !answer) listener.hooks.handlerFailed?.(error, context);
      if (listener.answers) answer?.(new MessagingError(code, message, { answered: true }));
    }
  };

  const deliver = (
    listeners: readonly Listener[],
    payload: unknown,
    context: MessageContext,
    answer?: Answer,
  ) => {
    for (const listener of listeners) {
      const isOwned = payload instanceof OwnedJson && listeners.length === 1;
      const copy = isOwned ? payload.value : copyJson(payload);
      // Never on the sender's stack, as no wire would.
      listener.inFlight.add(Promise.resolve().then(() => run(listener, copy, context, answer)));
    }
  };

  const connect = (hooks: MessagingHooks = {}): Messaging => {
    const registrations = new Map<Listener, () => Promise<void>>();
    const waiting = new Set<Waiting>();
    const connectionListeners = new Set<(connected: boolean) => void>();
    let state: 'open' | 'draining' | 'closed' = 'open';
    let closing: Promise<void> | undefined;

    const register = (route: Omit<Listener, 'inFlight' | 'hooks'>) => {
      checkPattern(route.subject);
      if (state !== 'open') throw new MessagingError('closed', 'This end of the messaging is closed');
      const listener: Listener = { ...route, hooks, inFlight: inFlight() };
      const remove = routes.add(listener);
      const stop = async () => {
        remove();
        await listener.inFlight.idle();
        registrations.delete(listener);
      };
      registrations.set(listener, stop);
      return { stop };
    };

    const request = <Reply>(subject: string, payload: unknown, options: RequestOptions): Promise<Reply> =>
      new Promise((resolve, reject) => {
        const { timeoutMs, signal, headers = {} } = options;
        if (state === 'closed') throw new MessagingError('closed', 'This end of the messaging is closed');
        checkSubject(subject);
        checkSize(payload);
        if (signal?.aborted) throw cancelled(subject);
        const listeners = routes.select(subject);
        if (listeners.length === 0) throw new MessagingError('no_responders', `Nobody answers ${subject}`);

        const settle: Answer = (error, value) => {
          if (!entry.settle) return;
          entry.settle = undefined;
          waiting.delete(entry);
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
          if (error) reject(error);
          else resolve(value as Reply);
        };
        const abort = () => settle(cancelled(subject));
        const timer = setTimeout(
          () => settle(new MessagingError('timeout', `No answer from ${subject} within ${timeoutMs} ms`)),
          timeoutMs,
        );
        const entry: Waiting = { settle };
        waiting.add(entry);
        signal?.addEventListener('abort', abort, { once: true });
        try {
          deliver(listeners, payload, { subject, headers, deadline: now() + timeoutMs }, settle);
        } catch (error) {
          settle(error as MessagingError);
        }
      });

    const drain = async () => {
      state = 'draining';
      await Promise.all([...registrations.values()].map((stop) => stop()));
      state = 'closed';
      const lost = new MessagingError('connection_lost', 'Closed while waiting for an answer');
      for (const { settle } of waiting) settle?.(lost);
      for (const listener of connectionListeners) listener(false);
    };

    return {
      request,
      respond: (subject, handler, { queue } = {}) => register({ subject, queue, handler, answers: true }),
      subscribe: (subject, handler, { queue } = {}) => register({ subject, queue, handler, answers: false }),
      publish: (subject, payload, { headers = {} } = {}) => {
        checkSubject(subject);
        checkSize(payload);
        if (state === 'closed') return;
        deliver(routes.select(subject), payload, { subject, headers });
      },
      maxPayloadBytes,
      get connected() {
        return state !== 'closed';
      },
      onConnectionChange: (listener) => {
        connectionListeners.add(listener);
        return () => void connectionListeners.delete(listener);
      },
      flush: () => new Promise((resolve) => setImmediate(resolve)),
      close: () => (closing ??= drain()),
    };
  };

  return { connect };
};

/** One end of a bus of its own: what embedded mode shares among all its services. */
export const inProcessMessaging = (options: InProcessOptions & MessagingHooks = {}): Messaging =>
  inProcessBus(options).connect(options);

const cancelled = (subject: string) =>
  new MessagingError('cancelled', `The request to ${subject} was cancelled`);
