import type { AsOf } from '@hearth/contracts';

const POSITION = /^[0-9a-f]{8}:\d{19}$/;
const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** Reads a moment: a position of the log, or an ISO 8601 time, in UTC where it names no zone. Undefined where it is none. */
export const parseAsOf = (text: string): AsOf | undefined => {
  if (POSITION.test(text)) return { position: text };
  const match = TIME.exec(text);
  if (!match) return undefined;
  const zoned = match[1] === undefined && text.length > 10 ? `${text}Z` : text;
  const milliseconds = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(milliseconds) ? undefined : { time: new Date(milliseconds).toISOString() };
};
