import type { ExportAnswer, ExportStarted } from '@hearth/contracts';
import type { EventStore, Position } from '@hearth/eventing';
import type { Logger } from '@hearth/nest-kit';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExportSegmentRequest, OutputFormat } from '../../domain/export/export-segment-request.ts';
import type { RefusedRequest } from '../../domain/export/export-ids-request.ts';
import type { SegmentRegistry } from '../segments/segment-registry.ts';
import type { ReadingPorts, ReadOptions } from '../reading/ports.ts';
import { exportLeases } from './export-leases.ts';
import { exportLog, type ExportLogPorts } from './export-log.ts';
import { exportRuns } from './export-runs.ts';
import type { ExportTarget } from './segment-export.ts';

/** A place for one export: where it goes, and the address that its files are fetched from, if there is one. */
export interface ExportPlace extends ExportTarget {
  readonly url?: string;
}

export interface ExportSegmentsPorts extends ReadingPorts {
  readonly store: ExportLogPorts['store'] & Pick<EventStore, 'head'>;
  readonly segments: Pick<SegmentRegistry, 'get'>;
  readonly newId: () => string;
  /** The UUID that belongs to a text, the same at every time. */
  readonly idOf: (text: string) => string;
  readonly logger: Pick<Logger, 'info' | 'error' | 'warn'>;
  readonly pack: (name: string, text: string, format: OutputFormat) => Promise<Uint8Array>;
  /** Prepares the place of an export, `path` being its folder; one that was begun there before is begun again. */
  readonly placeFor: (path: string) => Promise<ExportPlace>;
  /** Tells whoever asked that it is over. Rejects where they cannot be told. */
  readonly notify: (
    address: string,
    body: { readonly success: boolean; readonly url?: string },
  ) => Promise<void>;
}

/** What the request is answered with, before the export is written (user-data API §13.3). */
export interface StartedExport {
  readonly object_prefix: string;
  readonly url?: string;
}

/** Exports of segments that this instance runs. */
export interface SegmentExports {
  /** With a key that was used before, the first answer again; `other_request` where that was for something else. */
  start(
    request: ExportSegmentRequest,
    read: ReadOptions & { readonly key?: string | undefined },
  ): Promise<
    { readonly started: StartedExport; readonly position?: Position } | RefusedRequest | 'other_request'
  >;
  /** Begins those again that nobody runs any more. Resolves when each of them runs or is over. */
  resume(): Promise<void>;
  /** Ends the running ones; what they wrote does not look whole, and the next start begins them again. */
  stop(): Promise<void>;
}

/** Between looks at exports that may be run by somebody, in milliseconds. */
const RESUME_PAUSE_MS = 5_000;

/** Starts exports and lets them run. What was promised is in the log, so that a restart does not lose it. */
export const createSegmentExports = (ports: ExportSegmentsPorts): SegmentExports => {
  const { clock, segments, newId, idOf, logger, placeFor } = ports;
  const log = exportLog(ports);
  const lease = exportLeases(ports);
  const ending = new AbortController();
  const runs = exportRuns(ports, log, ending.signal);

  const again = ({ request_hash, ...started }: ExportAnswer, hash: string) =>
    request_hash === hash ? { started } : ('other_request' as const);

  /** False where it has to be looked at again. */
  const resumeOne = async (id: string, started: ExportStarted): Promise<boolean> => {
    if (runs.isRunning(id)) return true;
    const held = await lease(started.segment_id, newId());
    // Looked at under the lease: whoever had it before may have finished.
    const isFinished = (await log.find(id))?.isFinished !== false;
    if (isFinished || !held) {
      await held?.release();
      return isFinished;
    }
    try {
      runs.start(id, started, await placeFor(started.path), { held, minPosition: undefined });
    } catch (error) {
      await held.release();
      throw error;
    }
    logger.info({ object_prefix: started.object_prefix }, 'an export of a segment is begun again');
    return true;
  };

  return {
    async start(request, { minPosition, key }) {
      const { segment_id, fields, custom_attributes, callback, format } = request;
      const id = key === undefined ? newId() : idOf(`export:${key}`);
      const request_hash = idOf(JSON.stringify(request));
      const repeated = async () => {
        const known = key === undefined ? undefined : await log.find(id);
        return known && again(known.answer, request_hash);
      };
      const known = await repeated();
      if (known) return known;
      const segment = segments.get(segment_id);
      if (segment === undefined || segment.archived) return { refused: "'segment_id' names no segment" };
      const held = await lease(segment.id, newId());
      if (!held)
        return (await repeated()) ?? { refused: 'An export of this segment is running; wait for its end' };

      try {
        const started_at = new Date(clock.now()).toISOString();
        const object_prefix = `${id}-${Math.floor(Date.parse(started_at) / 1_000)}`;
        const path = `segment-export/${segment.id}/${started_at.slice(0, 10)}/${object_prefix}`;
        const place = await placeFor(path);
        const answer = { object_prefix, ...(place.url !== undefined && { url: place.url }) };
        const started: ExportStarted = {
          ...answer,
          request_hash,
          segment_id,
          filter: segment.filter,
          fields,
          ...(custom_attributes && { custom_attributes }),
          ...(callback !== undefined && { callback }),
          format,
          path,
          started_at,
        };
        const position = await log.start(id, started);
        if (position !== undefined) {
          runs.start(id, started, place, { held, minPosition });
          return { started: answer, position };
        }
        await place.discard().catch(() => undefined);
        await held.release();
        return again((await log.find(id))!.answer, request_hash);
      } catch (error) {
        await held.release();
        throw error;
      }
    },
    async resume() {
      const left = new Map(await log.unfinished());
      while (left.size > 0 && !ending.signal.aborted) {
        for (const [id, started] of left)
          try {
            if (await resumeOne(id, started)) left.delete(id);
          } catch (error) {
            logger.warn({ err: error, object_prefix: started.object_prefix }, 'an export waits to go on');
          }
        if (left.size > 0)
          await pause(RESUME_PAUSE_MS, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    },
    async stop() {
      ending.abort(new Error('the service stops'));
      await runs.ended();
    },
  };
};
