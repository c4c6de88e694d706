import type { EventStore } from '@hearth/eventing';
import type { Logger } from '@hearth/nest-kit';
import type { ExportSegmentRequest, OutputFormat } from '../../domain/export/export-segment-request.ts';
import type { RefusedRequest } from '../../domain/export/export-ids-request.ts';
import type { SegmentRegistry } from '../segments/segment-registry.ts';
import { exportOptions } from '../reading/export-options.ts';
import type { ReadingPorts, ReadOptions } from '../reading/ports.ts';
import { writeSegmentExport, type ExportTarget } from './segment-export.ts';

/** A place for one export: where it goes, and the address that its files are fetched from, if there is one. */
export interface ExportPlace extends ExportTarget {
  readonly url?: string;
}

export interface ExportSegmentsPorts extends ReadingPorts {
  readonly store: Pick<EventStore, 'head'>;
  readonly segments: Pick<SegmentRegistry, 'get'>;
  readonly newId: () => string;
  readonly logger: Pick<Logger, 'info' | 'error' | 'warn'>;
  readonly pack: (name: string, text: string, format: OutputFormat) => Promise<Uint8Array>;
  /** Prepares the place of an export, `path` being its folder. */
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
  start(request: ExportSegmentRequest, read: ReadOptions): Promise<StartedExport | RefusedRequest>;
  /** Ends the running ones; what they wrote does not look whole. */
  stop(): Promise<void>;
}

const LEASE_MS = 60_000;
const RENEW_MS = 10_000;

/**
 * Starts exports and lets them run. The right to export a segment is a lease that the owner of the segment's partition keeps,
 * so that one export of a segment runs at a time among all instances; it ends by itself where its holder dies.
 */
export const createSegmentExports = (ports: ExportSegmentsPorts): SegmentExports => {
  const { queries, clock, store, segments, newId, logger, placeFor, notify, timeoutMs } = ports;
  const ending = new AbortController();
  const running = new Set<Promise<void>>();

  const lease = async (segmentId: string, holder: string, milliseconds: number): Promise<boolean> => {
    const query = { query: 'lease', name: `export:${segmentId}`, holder, milliseconds } as const;
    return (await queries.askOwnerOf(segmentId, query, { timeoutMs })).granted;
  };

  /** Renews a lease when it is due. */
  const holding = (segmentId: string, holder: string): (() => Promise<void>) => {
    let renewedAt = clock.now();
    return async () => {
      if (clock.now() - renewedAt < RENEW_MS) return;
      renewedAt = clock.now();
      if (!(await lease(segmentId, holder, LEASE_MS)))
        throw new Error('another export of the segment took over');
    };
  };

  return {
    async start(request, { minPosition }) {
      const { segment_id, fields, custom_attributes, callback: address, format } = request;
      const segment = segments.get(segment_id);
      if (segment === undefined || segment.archived) return { refused: "'segment_id' names no segment" };
      const id = newId();
      if (!(await lease(segment.id, id, LEASE_MS)))
        return { refused: 'An export of this segment is running; wait for its end' };
      const startedAt = clock.now();
      const now = new Date(startedAt).toISOString();
      const object_prefix = `${id}-${Math.floor(startedAt / 1_000)}`;
      const release = async (): Promise<void> => void (await lease(segment.id, id, 0).catch(() => undefined));

      const place = await placeFor(`segment-export/${segment.id}/${now.slice(0, 10)}/${object_prefix}`).catch(
        async (error: unknown) => {
          await release();
          throw error;
        },
      );
      const url = place.url === undefined ? {} : { url: place.url };

      const run = async (): Promise<void> => {
        const written = await writeSegmentExport(
          {
            queries,
            target: place,
            pack: ports.pack,
            holdOn: holding(segment.id, id),
            timeoutMs,
            signal: ending.signal,
          },
          {
            filter: segment.filter,
            options: exportOptions(ports, startedAt, {
              fields,
              ...(custom_attributes && { custom_attributes }),
            }),
            format,
            minPosition: minPosition ?? (await store.head()),
          },
        );
        logger.info({ segment: segment.id, object_prefix, ...written }, 'a segment is exported');
      };
      const outcome = run().then(
        () => true,
        async (error: unknown) => {
          logger.error({ err: error, segment: segment.id, object_prefix }, 'an export of a segment failed');
          await place.discard().catch(() => undefined);
          return false;
        },
      );
      const done = outcome.then(async (success) => {
        await release();
        if (address === undefined || ending.signal.aborted) return;
        await notify(address, { success, ...(success && url) }).catch((error: unknown) =>
          logger.warn({ err: error, object_prefix }, 'the callback of an export could not be called'),
        );
      });
      running.add(done);
      void done.finally(() => running.delete(done));
      return { object_prefix, ...url };
    },
    async stop() {
      ending.abort(new Error('the service stops'));
      await Promise.all(running);
    },
  };
};
