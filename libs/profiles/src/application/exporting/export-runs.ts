import type { ExportStarted } from '@hearth/contracts';
import { exportOptions } from '../reading/export-options.ts';
import { LeaseLost, type ExportLease } from './export-leases.ts';
import type { ExportLog } from './export-log.ts';
import type { ExportPlace, ExportSegmentsPorts } from './export-segments.ts';
import { writeSegmentExport } from './segment-export.ts';

interface RunOptions {
  readonly held: ExportLease;
  /** What the export takes in at least; the log as it is now without it. */
  readonly minPosition: string | undefined;
}

/** The exports at work in this process. */
export interface ExportRuns {
  /** Begins to write one; its lease is given back at its end. */
  start(id: string, started: ExportStarted, place: ExportPlace, options: RunOptions): void;
  isRunning(id: string): boolean;
  /** Resolves when none is at work. */
  ended(): Promise<void>;
}

/**
 * Writes exports, tells those who asked, and then the log that they are over: whoever asked may be told twice, where a
 * process dies in between, but is told. One that `signal` ends is not over.
 */
export const exportRuns = (ports: ExportSegmentsPorts, log: ExportLog, signal: AbortSignal): ExportRuns => {
  const { queries, pack, logger, notify, timeoutMs, store } = ports;
  const running = new Map<string, Promise<void>>();

  const write = async (
    started: ExportStarted,
    target: ExportPlace,
    { held, minPosition }: RunOptions,
  ): Promise<void> => {
    const { segment_id: segment, filter, fields, custom_attributes, format, object_prefix } = started;
    const wanted = { fields, ...(custom_attributes && { custom_attributes }) };
    const written = await writeSegmentExport(
      { queries, target, pack, holdOn: held.hold, timeoutMs, signal },
      {
        filter,
        options: exportOptions(ports, Date.parse(started.started_at), wanted),
        format,
        minPosition: minPosition ?? (await store.head()),
      },
    );
    logger.info({ segment, object_prefix, ...written }, 'a segment is exported');
  };

  const isElsewhere = async (id: string, held: ExportLease): Promise<boolean> => {
    try {
      return !(await held.isHeld()) || (await log.find(id))?.isFinished === true;
    } catch {
      return false;
    }
  };

  /** Whether it was written; undefined where it is not over. */
  const outcomeOf = async (
    id: string,
    started: ExportStarted,
    place: ExportPlace,
    options: RunOptions,
  ): Promise<boolean | undefined> => {
    try {
      await write(started, place, options);
      return true;
    } catch (error) {
      await place.discard().catch(() => undefined);
      const { segment_id: segment, object_prefix } = started;
      if (signal.aborted || error instanceof LeaseLost || (await isElsewhere(id, options.held))) {
        logger.warn({ err: error, segment, object_prefix }, 'an export of a segment goes on later');
        return undefined;
      }
      logger.error({ err: error, segment, object_prefix }, 'an export of a segment failed');
      return false;
    }
  };

  const run = async (
    id: string,
    started: ExportStarted,
    place: ExportPlace,
    options: RunOptions,
  ): Promise<void> => {
    const { object_prefix, url, callback } = started;
    const success = await outcomeOf(id, started, place, options);
    if (success !== undefined) {
      if (callback !== undefined)
        await notify(callback, { success, ...(success && url !== undefined && { url }) }).catch(
          (error: unknown) =>
            logger.warn({ err: error, object_prefix }, 'the callback of an export could not be called'),
        );
      await log.finish(id, started, success).catch((error: unknown) =>
        // It is written once more after the next start: more than was asked for, but nothing is lost.
        logger.warn({ err: error, object_prefix }, 'the end of an export could not be stored'),
      );
    }
    await options.held.release();
  };

  return {
    start(id, started, place, options) {
      const done = run(id, started, place, options).finally(() => running.delete(id));
      running.set(id, done);
    },
    isRunning: (id) => running.has(id),
    ended: async () => void (await Promise.all(running.values())),
  };
};
