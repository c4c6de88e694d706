import {
  EXPORT_STREAMS,
  exportStream,
  type ExportAnswer,
  type ExportEvent,
  type ExportStarted,
} from '@hearth/contracts';
import { WrongExpectedRevision, type EventStore, type Position } from '@hearth/eventing';

export interface ExportLogPorts {
  readonly store: Pick<EventStore, 'append' | 'readStream' | 'readAll' | 'eraseBefore'>;
  readonly clock: { now(): number };
  readonly newId: () => string;
}

/** What the log knows of exports: who asked for one is answered at once, so it has to outlive the process. */
export interface ExportLog {
  /** How an export of this id was answered, and whether it is over; undefined where there is none. */
  find(id: string): Promise<{ readonly answer: ExportAnswer; readonly isFinished: boolean } | undefined>;
  /** The position of its beginning; undefined where it was begun before. */
  start(id: string, started: ExportStarted): Promise<Position | undefined>;
  finish(id: string, answer: ExportAnswer, success: boolean): Promise<void>;
  /** All that were begun and are not over. */
  unfinished(): Promise<ReadonlyMap<string, ExportStarted>>;
}

const SCHEMA = 1;

export const exportLog = ({ store, clock, newId }: ExportLogPorts): ExportLog => {
  const eventOf = (id: string, { type, data }: ExportEvent) => ({
    id: newId(),
    type,
    data,
    metadata: {
      $correlationId: id,
      $causationId: id,
      source: 'profile-projection',
      received_at: new Date(clock.now()).toISOString(),
      schema: SCHEMA,
    },
  });

  /** Undefined where somebody else was first. */
  const append = async (
    id: string,
    event: ExportEvent,
    expectedRevision: 'no_stream' | 0,
  ): Promise<Position | undefined> => {
    try {
      return (await store.append(exportStream(id), [eventOf(id, event)], { expectedRevision })).position;
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return undefined;
      throw error;
    }
  };

  return {
    async find(id) {
      const { events } = await store.readStream(exportStream(id), { direction: 'backwards', limit: 1 });
      const last = events[0] as unknown as ExportEvent | undefined;
      if (last === undefined) return undefined;
      const { object_prefix, url, request_hash } = last.data;
      return {
        answer: { object_prefix, ...(url !== undefined && { url }), request_hash },
        isFinished: last.type === 'ExportFinished',
      };
    },
    start: (id, data) => append(id, { type: 'ExportStarted', data }, 'no_stream'),
    async finish(id, { object_prefix, url, request_hash }, success) {
      const data = { object_prefix, ...(url !== undefined && { url }), request_hash, success };
      await append(id, { type: 'ExportFinished', data }, 0);
      // The address that was to be called may hold a secret.
      await store.eraseBefore(exportStream(id), 1);
    },
    async unfinished() {
      const open = new Map<string, ExportStarted>();
      let from: Position | undefined;
      for (let done = false; !done;) {
        const page = await store.readAll({
          ...(from && { from }),
          filter: { streamPrefixes: [EXPORT_STREAMS] },
        });
        for (const event of page.events) {
          const { type, data } = event as unknown as ExportEvent;
          const id = event.stream.slice(EXPORT_STREAMS.length);
          if (type === 'ExportStarted') open.set(id, data);
          else open.delete(id);
        }
        from = page.position;
        done = page.headReached;
      }
      return open;
    },
  };
};
