/** What travels beside a payload. */
export interface MessageHeaders {
  readonly correlationId?: string;
  readonly causationId?: string;
}

export interface RequestOptions {
  /** The caller waits no longer than this; the responder is told when it ends. */
  readonly timeoutMs: number;
  /** Stops the waiting: the call rejects with `cancelled`. */
  readonly signal?: AbortSignal;
  readonly headers?: MessageHeaders;
}

/** What a handler knows about the message it handles. */
export interface MessageContext {
  readonly subject: string;
  readonly headers: MessageHeaders;
  /** Epoch milliseconds after which nobody waits for the answer; undefined for published messages. */
  readonly deadline?: number;
}

export type RequestHandler = (payload: unknown, context: MessageContext) => Promise<unknown> | unknown;
export type MessageHandler = (payload: unknown, context: MessageContext) => Promise<void> | void;

/** A registered handler. `stop` takes no new messages and resolves when those in flight are done. */
export interface Registration {
  stop(): Promise<void>;
}

/** What an adapter tells its owner; both are for logs and metrics. */
export interface MessagingHooks {
  /** A handler failed with an error that has no code, or a message handler failed with any. */
  readonly handlerFailed?: (error: unknown, context: MessageContext) => void;
  /** The connection reported a problem; the adapter goes on by itself. */
  readonly connectionProblem?: (error: unknown) => void;
}

/**
 * Questions, answers and wake-ups between services: at most once, never the only copy of a fact. Payloads are JSON
 * values (or `EncodedJson`, `OwnedJson`); the two sides share no memory in any adapter. Subjects are dot-separated words; a
 * last `*` or `>` in a subscribed subject matches as in NATS. Members of one `queue` share the messages between them. Handlers
 * start in the order their messages arrive and may overlap: a slow one holds up nobody. Handlers that throw a `MessagingError`
 * or an error with a string `code` answer with that code; any other error answers with `internal`, without its text.
 */
export interface Messaging {
  /** Asks and waits for one answer. Rejects with a `MessagingError`. */
  request<Reply = unknown>(subject: string, payload: unknown, options: RequestOptions): Promise<Reply>;
  respond(subject: string, handler: RequestHandler, options?: { queue?: string }): Registration;
  /** Tells whoever listens now. Lost where nobody does, or while disconnected. Throws `too_large` and `invalid_*`. */
  publish(subject: string, payload: unknown, options?: { headers?: MessageHeaders }): void;
  subscribe(subject: string, handler: MessageHandler, options?: { queue?: string }): Registration;
  /** The largest payload in bytes that one message may carry. */
  readonly maxPayloadBytes: number;
  readonly connected: boolean;
  /** Calls back at each change of `connected`. Returns the way to stop that. */
  onConnectionChange(listener: (connected: boolean) => void): () => void;
  /** Resolves when everything published so far has reached the server. */
  flush(): Promise<void>;
  /**
   * Stops intake, lets handlers finish (their own requests included) and their answers leave, then disconnects. Requests
   * still waiting then end with `connection_lost`; later ones with `closed`.
   */
  close(): Promise<void>;
}
