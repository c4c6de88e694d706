import {
  operationStream,
  OPERATION_STREAMS,
  type Operation,
  type OperationEvent,
  type OperationOutcome,
} from '@hearth/contracts';
import { WrongExpectedRevision, type EventMetadata, type EventStore, type NewEvent } from '@hearth/eventing';

import type { IdentityKeys } from '../identity-keys.ts';
import { metadataOf, type RequestContext } from '../ports.ts';
import type { Run } from './steps.ts';

export interface OperationPorts {
  readonly store: EventStore;
  readonly keys: IdentityKeys;
  /** Does the whole of an operation. Doing it again changes nothing. */
  readonly perform: (run: Run, operation: Operation) => Promise<OperationOutcome>;
}

/** Work over several streams. What it is to do is in the log before it begins, so that whoever comes can finish it. */
export interface Operations {
  /**
   * Starts an operation under an id and does it; `onStored` is called once it stands in the log. An id that is known already
   * goes on with what was started under it.
   */
  run(
    id: string,
    operation: Operation,
    context: RequestContext,
    onStored: () => void,
  ): Promise<OperationOutcome>;
  /** Finishes what was started under an id, if anything was, and tells what came of it. `onStored` as above. */
  finishEarlier(
    id: string,
    onStored: () => void,
  ): Promise<{ readonly outcome: OperationOutcome; readonly operation: Operation | undefined } | undefined>;
  /** What an operation is to do; undefined where it is finished, or there is none. */
  unfinished(stream: string): Promise<Operation | undefined>;
  /** Goes on with an operation that somebody started. */
  resume(stream: string): Promise<void>;
  /** Finishes an operation where it is not, and erases what it was to do. Not for one to ask about itself. */
  forget(stream: string): Promise<void>;
  /** True while this process works on it. */
  isRunning(stream: string): boolean;
}

export const createOperations = ({ store, keys, perform }: OperationPorts): Operations => {
  const running = new Map<string, Promise<OperationOutcome>>();

  const idOf = (stream: string): string => stream.slice(OPERATION_STREAMS.length + '00-'.length);

  const finish = async (stream: string, run: Run, outcome: OperationOutcome): Promise<void> => {
    const finished: NewEvent = {
      id: keys.stepIdOf(run.id, 'finished'),
      type: 'OperationFinished',
      data: { outcome },
      metadata: run.metadata,
    };
    await store.append(stream, [finished], { expectedRevision: 0 });
  };

  const carryOut = async (
    stream: string,
    operation: Operation,
    metadata: EventMetadata,
  ): Promise<OperationOutcome> => {
    const run: Run = { id: idOf(stream), metadata: { ...metadata, operation: stream } };
    const outcome = await perform(run, operation);
    await finish(stream, run, outcome);
    // Not every user it is about has an event that names it, so nobody would erase it with the user.
    if (outcome !== 'done' || operation.kind === 'move_push_tokens') await store.eraseBefore(stream, 1);
    return outcome;
  };

  const once = (stream: string, operation: Operation, metadata: EventMetadata): Promise<OperationOutcome> => {
    const known = running.get(stream);
    if (known) return known;
    const work = carryOut(stream, operation, metadata).finally(() => running.delete(stream));
    running.set(stream, work);
    return work;
  };

  const leftOf = async (
    stream: string,
  ): Promise<{ operation: Operation; metadata: EventMetadata } | undefined> => {
    const { events } = await store.readStream(stream, { limit: 2 });
    const [first, second] = events;
    if (first === undefined || second !== undefined) return undefined;
    const { type, data } = first as unknown as OperationEvent;
    return type === 'OperationStarted' ? { operation: data, metadata: first.metadata } : undefined;
  };

  /** What came of an operation that is finished. */
  const outcomeOf = async (stream: string): Promise<OperationOutcome> => {
    const { events } = await store.readStream(stream, { direction: 'backwards', limit: 1 });
    const last = events[0] as unknown as OperationEvent | undefined;
    return last?.type === 'OperationFinished' ? last.data.outcome : 'done';
  };

  const resume = async (stream: string): Promise<void> => {
    const left = await leftOf(stream);
    if (left) await once(stream, left.operation, left.metadata);
  };

  return {
    async run(id, operation, context, onStored) {
      const stream = operationStream(id);
      const started: NewEvent = {
        id: keys.stepIdOf(id, 'started'),
        type: 'OperationStarted',
        data: operation,
        metadata: metadataOf(context),
      };
      try {
        await store.append(stream, [started], { expectedRevision: 'no_stream' });
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        onStored();
        await resume(stream);
        return outcomeOf(stream);
      }
      onStored();
      return once(stream, operation, started.metadata);
    },
    async finishEarlier(id, onStored) {
      const stream = operationStream(id);
      const { events } = await store.readStream(stream, { limit: 1 });
      const [first] = events;
      if (first === undefined) return undefined;
      onStored();
      await resume(stream);
      const { type, data } = first as unknown as OperationEvent;
      const operation = type === 'OperationStarted' ? data : undefined;
      return { outcome: await outcomeOf(stream), operation };
    },
    unfinished: async (stream) => (await leftOf(stream))?.operation,
    resume,
    async forget(stream) {
      await (running.get(stream) ?? resume(stream));
      const { lastRevision } = await store.readStream(stream, { direction: 'backwards', limit: 1 });
      if (lastRevision > 0) await store.eraseBefore(stream, lastRevision);
    },
    isRunning: (stream) => running.has(stream),
  };
};
