import { createInbox, type Msg, type MsgHdrs, type Subscription } from '@nats-io/transport-node';
import {
  answerOfError,
  checkPattern,
  checkSubject,
  encodeJson,
  inFlight,
  MessagingError,
  type InFlight,
  type MessageContext,
  type MessageHandler,
  type Messaging,
  type MessagingHooks,
  type Registration,
  type RequestHandler,
} from '@hearth/messaging';
import { connectToNats, type ConnectOptions } from './connect.ts';
import { pendingRequests } from './pending-requests.ts';
import { errorHeaders, fromWire, HEADER_BYTES, toWire } from './wire-headers.ts';

export interface NatsMessagingOptions extends ConnectOptions, MessagingHooks {
  /** Epoch milliseconds; deadlines are counted from it. Machines that talk to each other keep their clocks in step. */
  readonly now?: () => number;
}

/** A server that has not answered a drain by then is frozen or gone, and nothing more will leave. */
const DRAIN_MS = 2_000;

/**
 * The `Messaging` port on core NATS. Resolves with the first connection and reconnects without end. While disconnected,
 * requests fail at once and messages are dropped: nothing is kept for later, so no stale request is ever replayed.
 * A request that waits when the connection is lost ends with `connection_lost`, for it may have been handled.
 */
export const natsMessaging = async (options: NatsMessagingOptions): Promise<Messaging> => {
  const { now = Date.now, handlerFailed, connectionProblem = () => undefined } = options;
  const connection = await connectToNats(options, connectionProblem);
  const pending = pendingRequests();
  const registrations = new Set<Registration>();
  const connectionListeners = new Set<(connected: boolean) => void>();
  let state: 'open' | 'draining' | 'closed' = 'open';
  let connected = true;
  let maxPayload = connection.info!.max_payload;
  let closing: Promise<void> | undefined;

  const changeTo = (now: boolean) => {
    if (connected === now) return;
    connected = now;
    if (now) maxPayload = connection.info?.max_payload ?? maxPayload;
    else pending.failAll(new MessagingError('connection_lost', 'The connection to NATS was lost'));
    for (const listener of connectionListeners) listener(now);
  };
  const follow = async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') changeTo(false);
      else if (status.type === 'reconnect') changeTo(true);
      else if (status.type === 'error') connectionProblem(status.error);
    }
  };
  void follow();
  void connection.closed().then((error) => {
    if (error && state !== 'closed') connectionProblem(error);
    changeTo(false);
  });

  const inbox = `${createInbox()}.`;
  connection.subscribe(`${inbox}*`, {
    callback: (error, answer) => {
      if (error) connectionProblem(error);
      else pending.settle(answer.subject.slice(inbox.length), answer);
    },
  });

  const encode = (payload: unknown): Buffer => {
    const data = Buffer.from(encodeJson(payload));
    if (data.length > maxPayload - HEADER_BYTES)
      throw new MessagingError('too_large', `A payload may have ${maxPayload - HEADER_BYTES} bytes at most`);
    return data;
  };
  /** Throws away what cannot leave now. The client would keep it and send it after a reconnect. */
  const send = (subject: string, data: Buffer, wire: MsgHdrs | undefined, reply?: string) => {
    if (!connected || connection.isClosed()) return;
    connection.publish(subject, data, {
      ...(wire === undefined ? {} : { headers: wire }),
      ...(reply === undefined ? {} : { reply }),
    });
  };

  const answerWithError = (reply: string, code: string, message: string) =>
    send(reply, Buffer.from(JSON.stringify(message.slice(0, 2_048))), errorHeaders(code));

  const answer = (reply: string, value: unknown) => {
    const data = Buffer.from(encodeJson(value));
    const limit = maxPayload - HEADER_BYTES;
    if (data.length <= limit) send(reply, data, undefined);
    else answerWithError(reply, 'reply_too_large', `The answer has ${data.length} bytes, ${limit} fit`);
  };

  const listen = (
    subject: string,
    queue: string | undefined,
    handle: (message: Msg, work: InFlight) => void,
  ): Registration => {
    checkPattern(subject);
    if (state !== 'open') throw new MessagingError('closed', 'The messaging is closed');
    const work = inFlight();
    const subscription = connection.subscribe(subject, {
      ...(queue === undefined ? {} : { queue }),
      callback: (error, message) => {
        if (error) connectionProblem(error);
        else handle(message, work);
      },
    });
    const registration: Registration = {
      stop: async () => {
        await endIntake(subscription);
        await work.idle();
        registrations.delete(registration);
      },
    };
    registrations.add(registration);
    return registration;
  };
  /** Resolves when no message can arrive any more: what the server had sent before is handed out first. */
  const endIntake = async (subscription: Subscription) => {
    if (subscription.isClosed() || connection.isClosed()) return;
    if (connected) await atMost(DRAIN_MS, subscription.drain());
    if (!subscription.isClosed()) subscription.unsubscribe();
  };

  const respondTo = (handler: RequestHandler) => (message: Msg, work: InFlight) => {
    const { reply } = message;
    const context = fromWire(message.subject, message.headers);
    const run = async () => {
      try {
        const value = await handler(message.json(), context);
        if (reply) answer(reply, value);
      } catch (error) {
        const { code, message: text } = answerOfError(error);
        if (code === 'internal') tell(error, context);
        if (reply) answerWithError(reply, code, text);
      }
    };
    work.add(run());
  };
  const listenTo = (handler: MessageHandler) => (message: Msg, work: InFlight) => {
    const context = fromWire(message.subject, message.headers);
    const run = async () => {
      try {
        await handler(message.json(), context);
      } catch (error) {
        tell(error, context);
      }
    };
    work.add(run());
  };
  const tell = (error: unknown, context: MessageContext) => handlerFailed?.(error, context);

  const close = async () => {
    state = 'draining';
    await Promise.all([...registrations].map((registration) => registration.stop()));
    state = 'closed';
    pending.failAll(new MessagingError('connection_lost', 'Closed while waiting for an answer'));
    if (connected && !connection.isClosed()) await atMost(DRAIN_MS, connection.flush());
    await connection.close();
    changeTo(false);
  };

  return {
    request: async <Reply>(
      subject: string,
      payload: unknown,
      request: Parameters<Messaging['request']>[2],
    ): Promise<Reply> => {
      if (state === 'closed') throw new MessagingError('closed', 'The messaging is closed');
      checkSubject(subject);
      const data = encode(payload);
      if (!connected) throw new MessagingError('disconnected', 'NATS cannot be reached now');
      const wire = toWire(request.headers, now() + request.timeoutMs);
      return pending.begin<Reply>(subject, request, (token) => send(subject, data, wire, inbox + token));
    },
    respond: (subject, handler, { queue } = {}) => listen(subject, queue, respondTo(handler)),
    subscribe: (subject, handler, { queue } = {}) => listen(subject, queue, listenTo(handler)),
    publish: (subject, payload, { headers } = {}) => {
      checkSubject(subject);
      send(subject, encode(payload), toWire(headers));
    },
    get maxPayloadBytes() {
      return maxPayload - HEADER_BYTES;
    },
    get connected() {
      return connected && state !== 'closed';
    },
    onConnectionChange: (listener) => {
      connectionListeners.add(listener);
      return () => void connectionListeners.delete(listener);
    },
    flush: async () => {
      if (!connected) throw new MessagingError('disconnected', 'NATS cannot be reached now');
      await connection.flush();
    },
    close: () => (closing ??= close()),
  };
};

/** Waits for `work`, whether it succeeds or fails, though no longer than `ms`. */
const atMost = (ms: number, work: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const settle = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(settle, settle);
  });
