import { requestStream, type Json, type RequestAnswered, type RequestEvent } from '@hearth/contracts';
import {
  EventStoreError,
  WrongExpectedRevision,
  type AppendResult,
  type EventStore,
  type ExpectedRevision,
} from '@hearth/eventing';
import { setTimeout as pause } from 'node:timers/promises';

import {
  nextStep,
  requestState,
  type Begun,
  type RequestState,
} from '../../domain/idempotency/request-state.ts';
import { NotStored } from '../errors.ts';
import { uuidFrom, type KeyedHash } from '../identity-keys.ts';
import { metadataOf, type Clock, type KeyedRequest, type RequestContext } from '../ports.ts';
import { KeyReused, RequestErased, StillRunning } from './errors.ts';
import { storedEvents } from './stored-events.ts';

/** A call that carries an idempotency key. */
export interface KeyedCall {
  /** Method and path: the same key at another endpoint is another request. */
  readonly endpoint: string;
  readonly key: string;
  /** The body as sent. */
  readonly body: string;
}

/** An answer as it goes out. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly position?: string;
}

/** The right to work on a request now, until it is ended. */
export interface Attempt {
  readonly request: KeyedRequest;
  /**
   * Keeps the answer for whoever sends the request again; one of the 5xx is not kept, so that the next call tries again.
   * Never throws: an answer that cannot be kept is found again by what the request left in the log.
   */
  end(answer: Answer): Promise<void>;
}

/** Carries requests with an idempotency key out once, however often and to however many instances they are sent. */
export interface KeyedRequests {
  /**
   * Begins an attempt, or gives the answer that stands. Where somebody else works on the request this waits for the answer
   * until the context's deadline. Throws `KeyReused`, `RequestErased`, `StillRunning`, and `NotStored` where the store is away.
   */
  begin(call: KeyedCall, context: RequestContext): Promise<Attempt | { readonly answered: RequestAnswered }>;
}

export interface KeyedRequestPorts {
  readonly store: EventStore;
  readonly keyedHash: KeyedHash;
  readonly clock: Clock;
  readonly newId: () => string;
  /** A call is given up this long after it came in, in milliseconds. */
  readonly timeoutMs: number;
  /** How long an answer counts, in milliseconds. */
  readonly retentionMs: number;
}

/** An attempt that is left alone for this much longer than its call may take, in milliseconds. */
const GRACE_MS = 1_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

export const createKeyedRequests = (ports: KeyedRequestPorts): KeyedRequests => {
  const { store, keyedHash, clock, newId, timeoutMs, retentionMs } = ports;
  const instance = newId();
  const inFlight = new Set<string>();

  const append = (
    stream: string,
    { type, data }: RequestEvent,
    expectedRevision: ExpectedRevision,
    context: RequestContext,
  ): Promise<AppendResult> =>
    store.append(stream, [{ id: newId(), type, data, metadata: metadataOf(context) }], { expectedRevision });

  const attemptAt = (
    stream: string,
    { life, from }: Pick<Begun, 'life' | 'from'>,
    follows: boolean,
    accepted: number,
    context: RequestContext,
  ): Attempt => {
    const stored = storedEvents(store, stream, from);
    return {
      request: {
        stream,
        idOf: (part) => uuidFrom(keyedHash(`${stream}:${life}:${part}`)),
        follows,
        stored,
      },
      async end({ status, body, position }) {
        const answered = { status, ...(position !== undefined && { position }) };
        try {
          if (status >= 500)
            await append(stream, { type: 'RequestFailed', data: { status } }, accepted, context);
          else
            await append(
              stream,
              { type: 'RequestAnswered', data: { ...answered, body } },
              accepted,
              context,
            ).catch((error: unknown) => {
              if (!(error instanceof EventStoreError) || error.code !== 'append_too_large') throw error;
              return append(stream, { type: 'RequestAnswered', data: answered }, accepted, context);
            });
        } catch (error) {
          if (!(error instanceof EventStoreError)) throw error;
        } finally {
          inFlight.delete(stream);
        }
      },
    };
  };

  const accept = async (
    stream: string,
    begun: Begun | undefined,
    expectedRevision: ExpectedRevision,
    data: Extract<RequestEvent, { type: 'RequestAccepted' }>['data'],
    context: RequestContext,
  ): Promise<Attempt | undefined> => {
    if (inFlight.has(stream)) return undefined;
    inFlight.add(stream);
    try {
      const { revision, position } = await append(
        stream,
        { type: 'RequestAccepted', data },
        expectedRevision,
        context,
      );
      return attemptAt(
        stream,
        begun ?? { life: revision, from: position },
        begun !== undefined,
        revision,
        context,
      );
    } catch (error) {
      inFlight.delete(stream);
      if (error instanceof WrongExpectedRevision) return undefined;
      throw error;
    }
  };

  const begin: KeyedRequests['begin'] = async ({ endpoint, key, body }, sent) => {
    const { request: _, ...context } = sent;
    const stream = requestStream(keyedHash(`request:${endpoint}\n${key}`).slice(0, 32));
    const bodyHash = keyedHash(`body:${body}`);
    let state: RequestState = { status: 'absent' };
    let revision: ExpectedRevision = 'no_stream'; // nearly every key is new: appending tells, without a read
    for (let wait = FIRST_PAUSE_MS; ;) {
      const now = clock.now();
      const isIdle = (other: string): boolean => other === instance && !inFlight.has(stream);
      const next = nextStep(state, { bodyHash, now, retentionMs, isIdle });
      if (next.step === 'other_body') throw new KeyReused(endpoint);
      if (next.step === 'erased') throw new RequestErased();
      if (next.step === 'replay') return { answered: next.answer };
      if (next.step === 'begin') {
        const until = new Date(now + timeoutMs + GRACE_MS).toISOString();
        const accepted = { endpoint, body_hash: bodyHash, instance, until };
        const attempt = await accept(
          stream,
          next.begun,
          revision,
          next.begun ? { ...accepted, follows: true } : accepted,
          context,
        );
        if (attempt) return attempt;
      }
      if (next.step === 'wait' || inFlight.has(stream)) {
        if (now >= context.deadline) throw new StillRunning();
        await pause(Math.min(wait, Math.max(1, context.deadline - now)));
        wait = Math.min(2 * wait, LONGEST_PAUSE_MS);
      }
      const slice = await store.readStream(stream);
      state = requestState(slice.events);
      revision = slice.lastRevision === -1 ? 'no_stream' : slice.lastRevision;
    }
  };

  return {
    begin: (call, context) =>
      begin(call, context).catch((error: unknown) => {
        // Whatever became of the acceptance: nothing was appended on behalf of the request.
        throw error instanceof EventStoreError ? new NotStored('Nothing is stored', { cause: error }) : error;
      }),
  };
};
