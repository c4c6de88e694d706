/** Reads a range list of partitions such as `00-7f` or `00-0f,80`. Returns undefined where it is not one. */
export const parsePartitions = (text: string): ReadonlySet<string> | undefined => {
  const owned = new Set<string>();
  for (const range of text.split(',')) {
    const match = /^([0-9a-f]{2})(?:-([0-9a-f]{2}))?$/.exec(range.trim());
    if (!match) return undefined;
    const first = parseInt(match[1]!, 16);
    const last = parseInt(match[2] ?? match[1]!, 16);
    if (last < first) return undefined;
    for (let partition = first; partition <= last; partition++)
      owned.add(partition.toString(16).padStart(2, '0'));
  }
  return owned;
};

/** Every partition there is. */
export const ALL_PARTITIONS = '00-ff';
