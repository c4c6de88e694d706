import { Failure } from '../failure.ts';

/** Where a replay stops: after an event of a stream, or before the first one that Hearth took in later. */
export type Until = { readonly revision: number } | { readonly time: string };

const REVISION = /^\d{1,15}$/;
const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Reads a revision, or a time in ISO 8601; without an offset it is UTC. Throws `Failure`. */
export const parseUntil = (text: string): Until => {
  if (REVISION.test(text)) return { revision: Number(text) };
  if (TIME.test(text)) {
    const isDateTime = text.length > 10;
    const hasOffset = isDateTime && /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10));
    const time = Date.parse(`${text.replace(' ', 'T')}${isDateTime && !hasOffset ? 'Z' : ''}`);
    if (!Number.isNaN(time)) return { time: new Date(time).toISOString() };
  }
  throw new Failure(`"${text}" is neither a revision such as 12 nor a time such as 2026-11-22T04:44:05Z`);
};

/** True for an event that lies within. */
export const isWithin = (
  until: Until | undefined,
  event: { readonly revision: number; readonly metadata: { readonly received_at: string } },
): boolean =>
  until === undefined ||
  ('revision' in until ? event.revision <= until.revision : event.metadata.received_at <= until.time);
