import type { Json } from './json.ts';

/**
 * The events of `request_<pp>-<hash>`: one request that came with an idempotency key, from the first attempt at it to its
 * answer. The newest one holds; what came before a `RequestForgotten` counts no more.
 */
export type RequestEvent =
  | { readonly type: 'RequestAccepted'; readonly data: RequestAccepted }
  | { readonly type: 'RequestAnswered'; readonly data: RequestAnswered }
  | { readonly type: 'RequestFailed'; readonly data: RequestFailed }
  | { readonly type: 'RequestForgotten'; readonly data: RequestForgotten };

/** An attempt begins. Stands before anything that the attempt appends. */
export interface RequestAccepted {
  /** Method and path. */
  readonly endpoint: string;
  /** The keyed hash of the body as sent. */
  readonly body_hash: string;
  /** The process that works on it, by an id that it made at its start. */
  readonly instance: string;
  /** When it is given up: others leave it alone until then, for nobody can know whether its process is slow or gone. */
  readonly until: string;
  /** Set where it goes on with what an earlier attempt began. */
  readonly follows?: true;
}

/** What the caller was told, and every later caller with the same key will be. */
export interface RequestAnswered {
  readonly status: number;
  /** Missing where it is too large to be kept. */
  readonly body?: Json;
  /** How far the log reaches with what the request wrote; missing where it wrote nothing. */
  readonly position?: string;
}

/** The attempt ended without an answer that could be kept; the next one may begin. */
export interface RequestFailed {
  readonly status: number;
}

/**
 * The answer is gone: it was older than the retention (`expired`), or it held data of a person who was erased (`erased`).
 * What an erased one still tells is nobody's data.
 */
export type RequestForgotten =
  | { readonly reason: 'expired' }
  | {
      readonly reason: 'erased';
      readonly body_hash: string;
      readonly status?: number;
      readonly position?: string;
    };
