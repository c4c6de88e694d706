import type { RequestAnswered, RequestEvent } from '@hearth/contracts';
import type { Position, RecordedEvent } from '@hearth/eventing';

/** What a request's stream says of it. Times are epoch milliseconds. */
export type RequestState =
  | { readonly status: 'absent' }
  | (Begun & {
      readonly status: 'running';
      readonly instance: string;
      readonly since: number;
      readonly until: number;
    })
  | (Begun & { readonly status: 'failed'; readonly since: number })
  | {
      readonly status: 'answered';
      readonly bodyHash: string;
      readonly answer: RequestAnswered;
      readonly since: number;
    }
  | {
      readonly status: 'erased';
      readonly bodyHash: string;
      readonly answer: Pick<RequestAnswered, 'status' | 'position'> | undefined;
      readonly since: number;
    };

/** A request at which somebody began to work. */
export interface Begun {
  readonly bodyHash: string;
  /** The revision of its first `RequestAccepted`: what tells it from an older request with the same key. */
  readonly life: number;
  /** The position of that event: whatever the request led to stands behind it. */
  readonly from: Position;
}

const absent: RequestState = { status: 'absent' };

/** Folds the stream of one request. */
export const requestState = (events: readonly RecordedEvent[]): RequestState =>
  events.reduce<RequestState>(evolve, absent);

const evolve = (state: RequestState, event: RecordedEvent): RequestState => {
  const { type, data } = event as RecordedEvent & RequestEvent;
  const since = Date.parse(event.metadata.received_at);
  const begun = state.status === 'running' || state.status === 'failed' ? state : undefined;
  switch (type) {
    case 'RequestAccepted': {
      const first = data.follows ? begun : undefined;
      return {
        status: 'running',
        bodyHash: data.body_hash,
        life: first?.life ?? event.revision,
        from: first?.from ?? event.position,
        instance: data.instance,
        since,
        until: Date.parse(data.until),
      };
    }
    case 'RequestFailed':
      return begun
        ? { status: 'failed', bodyHash: begun.bodyHash, life: begun.life, from: begun.from, since }
        : state;
    case 'RequestAnswered':
      return begun ? { status: 'answered', bodyHash: begun.bodyHash, answer: data, since } : state;
    case 'RequestForgotten': {
      if (data.reason === 'expired') return absent;
      const { body_hash: bodyHash, status, position } = data;
      const answer =
        status === undefined ? undefined : { status, ...(position !== undefined && { position }) };
      return { status: 'erased', bodyHash, answer, since };
    }
    default:
      return state;
  }
};

/** What one call with a key is to do. */
export type NextStep =
  | { readonly step: 'begin'; readonly begun?: Begun }
  | { readonly step: 'replay'; readonly answer: RequestAnswered }
  | { readonly step: 'wait' }
  | { readonly step: 'other_body' }
  | { readonly step: 'erased' };

export interface Call {
  readonly bodyHash: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long an answer counts, in milliseconds. */
  readonly retentionMs: number;
  /** Whether a process is known to work no longer on the request: the caller's own, by its memory. */
  readonly isIdle: (instance: string) => boolean;
}

/**
 * Decides what a call does, by the state of its request. An older request with the same key counts no more; a younger one
 * must have the same body. A request whose person was erased is answered by what is left: that it was done.
 */
export const nextStep = (state: RequestState, call: Call): NextStep => {
  if (state.status === 'absent' || state.since + call.retentionMs <= call.now) return { step: 'begin' };
  if (state.bodyHash !== call.bodyHash) return { step: 'other_body' };
  switch (state.status) {
    case 'answered':
      return { step: 'replay', answer: state.answer };
    case 'erased':
      return state.answer === undefined
        ? { step: 'erased' }
        : { step: 'replay', answer: { ...state.answer, body: { message: 'success' } } };
    case 'failed':
      return { step: 'begin', begun: state };
    case 'running':
      return call.isIdle(state.instance) || state.until <= call.now
        ? { step: 'begin', begun: state }
        : { step: 'wait' };
    default:
      return state satisfies never;
  }
};
