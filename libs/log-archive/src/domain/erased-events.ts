import type { EventMetadata, NewEvent } from '@hearth/eventing';

import type { AppendGroup } from './append-groups.ts';
import type { ArchivedEvent } from './archive-lines.ts';

/** Stands for an event that was erased before the export, until it is erased as well. */
export const ERASED = 'Erased';

/** SHA-256 of a text, in hex. */
export type Sha256 = (text: string) => string;

const FILLERS_PER_APPEND = 1_000;

/** The id of a filler: the same one in every run, so that an import that is run again recognises its own. */
export const fillerId = (sha256: Sha256, stream: string, revision: number): string => {
  const hex = sha256(`erased:${revision}:${stream}`);
  // RFC 9562 version 8: the form for ids of one's own making
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** True for an event that an import put in the place of an erased one. */
export const isFiller = (sha256: Sha256, { type, id, stream, revision }: ArchivedEvent): boolean =>
  type === ERASED && id === fillerId(sha256, stream, revision);

/** Fillers of one append; the first of them stands at `from`. */
export interface FillerAppend {
  readonly from: number;
  readonly events: readonly NewEvent[];
}

/**
 * The appends that lift a stream from its last revision to just below the first event of `next`: stores count revisions
 * without gaps, and the event has to stand where it stood.
 */
export function* fillersUpTo(
  sha256: Sha256,
  lastRevision: number,
  [next]: AppendGroup,
): Generator<FillerAppend> {
  const metadata: EventMetadata = {
    $correlationId: next.id,
    $causationId: next.id,
    source: 'log-import',
    received_at: next.metadata.received_at,
    schema: 1,
  };
  for (let from = lastRevision + 1; from < next.revision; from += FILLERS_PER_APPEND) {
    const count = Math.min(FILLERS_PER_APPEND, next.revision - from);
    const events = Array.from({ length: count }, (_, index) => ({
      id: fillerId(sha256, next.stream, from + index),
      type: ERASED,
      data: {},
      metadata,
    }));
    yield { from, events };
  }
}
