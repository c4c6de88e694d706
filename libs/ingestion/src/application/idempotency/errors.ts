/** The key came before, with another body: two requests that differ cannot be one. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
  readonly code = 'key_reused';
  constructor(readonly endpoint: string) {
    super(
      `This Idempotency-Key was used before for ${endpoint} with another body. A request that differs needs a key of its own.`,
    );
  }
}

/** The request was begun and what is known of it was erased with a person's data before it was answered. */
export class RequestErased extends Error {
  override readonly name = 'RequestErased';
  readonly code = 'request_erased';
  constructor() {
    super('This request was begun before; what was known of it was erased with the data of a person.');
  }
}

/** Somebody else works on the request and has not answered in time. */
export class StillRunning extends Error {
  override readonly name = 'StillRunning';
  readonly code = 'still_running';
  readonly retryAfterSeconds = 1;
  constructor() {
    super(
      'A request with this Idempotency-Key is being worked on. Send it again, with the same key, for its answer.',
    );
  }
}
