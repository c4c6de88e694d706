import type { SegmentCreated, SegmentEvent } from '@hearth/contracts';
import { reject, type Rejection } from '@hearth/eventing';

/** A segment as its stream says. */
export interface Segment extends SegmentCreated {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly archived: boolean;
}

export type SegmentCommand =
  | { readonly type: 'CreateSegment'; readonly data: SegmentCreated }
  | { readonly type: 'UpdateSegment'; readonly data: Partial<SegmentCreated> }
  | { readonly type: 'ArchiveSegment' };

export type SegmentRejection = 'unknown_segment' | 'segment_archived';

/** What follows from a command; nothing where it was done before: an id stands for one definition and its resends. */
export const decideSegment = (
  command: SegmentCommand,
  segment: Segment | undefined,
): readonly SegmentEvent[] | Rejection<SegmentRejection> => {
  if (command.type === 'CreateSegment')
    return segment === undefined ? [{ type: 'SegmentCreated', data: command.data }] : [];
  if (segment === undefined) return reject('unknown_segment', 'There is no segment with this segment_id');
  if (command.type === 'ArchiveSegment')
    return segment.archived ? [] : [{ type: 'SegmentArchived', data: {} }];
  if (segment.archived) return reject('segment_archived', 'The segment is archived and changes no more');
  return [{ type: 'SegmentUpdated', data: command.data }];
};

/** The segment after one more event of its stream. */
export const evolveSegment = (
  segment: Segment | undefined,
  id: string,
  event: { readonly type: string; readonly data: unknown; readonly received_at: string },
): Segment | undefined => {
  const { type, data } = event as unknown as SegmentEvent;
  const updated_at = event.received_at;
  if (type === 'SegmentCreated')
    return segment ?? { ...data, id, created_at: updated_at, updated_at, archived: false };
  if (segment === undefined) return undefined;
  switch (type) {
    case 'SegmentUpdated':
      return { ...segment, ...data, updated_at };
    case 'SegmentArchived':
      return { ...segment, archived: true, updated_at };
    default:
      return segment; // a newer version may have written events that this one does not know
  }
};
