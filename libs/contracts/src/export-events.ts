import type { SegmentFilter } from './segment-events.ts';

/** The prefix of the streams of all exports of segments. */
export const EXPORT_STREAMS = 'export-';

/** The stream of one export of a segment; `id` is a UUID. Profile-projection is its sole writer. */
export const exportStream = (id: string): string => `${EXPORT_STREAMS}${id}`;

/** What the request for an export is answered with, and what tells the request from another one. */
export interface ExportAnswer {
  readonly object_prefix: string;
  /** Where its files can be fetched from. */
  readonly url?: string;
  /** A hash of what was asked for. */
  readonly request_hash: string;
}

/** An export as asked for: all that is needed to begin it again after a restart. */
export interface ExportStarted extends ExportAnswer {
  readonly segment_id: string;
  /** The segment's filter as it was then. */
  readonly filter: SegmentFilter;
  readonly fields: readonly string[];
  readonly custom_attributes?: readonly string[];
  readonly callback?: string;
  readonly format: 'zip' | 'gzip';
  /** The folder of its files, in the place that exports go to. */
  readonly path: string;
  /** When it was asked for: ISO 8601, UTC, milliseconds. */
  readonly started_at: string;
}

/** The events of `export-<id>`. What it was to do is erased once it is finished. */
export type ExportEvent =
  | { readonly type: 'ExportStarted'; readonly data: ExportStarted }
  | { readonly type: 'ExportFinished'; readonly data: ExportAnswer & { readonly success: boolean } };
