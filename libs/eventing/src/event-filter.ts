import type { EventFilter } from './event-store.ts';

/**
 * Tells of a stream whether a filter lets it through; without a filter, every stream is. One look-up a length of prefixes
 * decides, however many there are (an instance that owns half of the partitions has 128).
 */
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
