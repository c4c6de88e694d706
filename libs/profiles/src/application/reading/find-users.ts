import type { BrazeId, UserLookup } from '@hearth/contracts';
import type { ReadingPorts, ReadOptions } from './ports.ts';

/** Finds everybody whom one of the look-ups names, each once, asking all owners. */
export const findUsers =
  ({ queries, timeoutMs }: ReadingPorts) =>
  async (lookups: readonly UserLookup[], { minPosition }: ReadOptions): Promise<readonly BrazeId[]> => {
    const answers = await Promise.all(
      lookups.map((lookup) =>
        queries.askAll(
          { query: 'find', lookup, ...(minPosition !== undefined && { min_position: minPosition }) },
          { timeoutMs },
        ),
      ),
    );
    return [...new Set(answers.flat().flatMap(({ braze_ids }) => braze_ids))];
  };
