import type { EventFilter } from './event-store.ts';

/**
 * Tells of a stream whether a filter lets it through; without a filter, every stream is. One look-up a length of prefixes
 * decides, however many there are (an instance that owns half of the partitions has 128).
 */
export const streamMatcher = (filter: EventFilter | undefined): ((stream: string) => boolean) => {
  if (!filter) return () => true;
  const matches = prefixMatcher(filter.streamPrefixes);
  if (filter.streamPrefixes.includes('')) return matches;
  // Most subscriptions want none of the streams that most is written to: their first letter says so.
  const firsts = new Set(filter.streamPrefixes.map((prefix) => prefix.charCodeAt(0)));
  const [first] = firsts;
  return firsts.size === 1
    ? (stream) => stream.charCodeAt(0) === first && matches(stream)
    : (stream) => firsts.has(stream.charCodeAt(0)) && matches(stream);
};

const prefixMatcher = (prefixes: readonly string[]): ((stream: string) => boolean) => {
  const [only, ...others] = prefixes;
  if (only !== undefined && others.length === 0) return (stream) => stream.startsWith(only);
  const groups = new Map<number, Set<string>>();
  for (const prefix of prefixes) {
    const group = groups.get(prefix.length);
    if (group) group.add(prefix);
    else groups.set(prefix.length, new Set([prefix]));
  }
  const lengths = [...groups];
  return (stream) => lengths.some(([length, group]) => group.has(stream.slice(0, length)));
};
