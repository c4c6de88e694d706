import type { EventFilter } from './event-store.ts';

/**
 * The prefixes of a filter by their length in code points, so that one look-up a length decides, however many
 * prefixes there are (an instance that owns half of the partitions has 128).
 */
export const prefixesByLength = ({
  streamPrefixes,
}: EventFilter): ReadonlyMap<number, ReadonlySet<string>> => {
  const groups = new Map<number, Set<string>>();
  for (const prefix of streamPrefixes) {
    const length = Array.from(prefix).length;
    const group = groups.get(length);
    if (group) group.add(prefix);
    else groups.set(length, new Set([prefix]));
  }
  return groups;
};

/** Tells of a stream whether a filter lets it through; without a filter, every stream is. */
export const streamMatcher = (filter: EventFilter | undefined): ((stream: string) => boolean) => {
  if (!filter) return () => true;
  const [only, ...others] = filter.streamPrefixes;
  if (only !== undefined && others.length === 0) return (stream) => stream.startsWith(only);
  const groups = new Map<number, Set<string>>();
  for (const prefix of filter.streamPrefixes) {
    const group = groups.get(prefix.length);
    if (group) group.add(prefix);
    else groups.set(prefix.length, new Set([prefix]));
  }
  const lengths = [...groups];
  return (stream) => lengths.some(([length, prefixes]) => prefixes.has(stream.slice(0, length)));
};
