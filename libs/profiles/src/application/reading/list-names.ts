import type { NameKind } from '@hearth/contracts';
import { compareCodePoints } from '../../domain/code-point-order.ts';
import type { ReadingPorts, ReadOptions } from './ports.ts';

/** How many names a page of the public API has. */
export const NAMES_PER_PAGE = 250;
/** How many names an owner is asked for at once: well below what a message may carry. */
const NAMES_PER_ANSWER = 2 * NAMES_PER_PAGE;

/**
 * One page of the names that profiles carry, in the order of their code points; pages are counted from 0, and one beyond the
 * end is empty. What all owners answer for the same stretch is put together, so a page takes as many rounds as stand before it.
 */
export const listNames =
  ({ queries, timeoutMs }: ReadingPorts) =>
  async (kind: NameKind, page: number, { minPosition }: ReadOptions): Promise<readonly string[]> => {
    const stretch = async (after: string | undefined): Promise<readonly string[]> => {
      const answers = await queries.askAll(
        {
          query: 'names',
          kind,
          limit: NAMES_PER_ANSWER,
          ...(after !== undefined && { after }),
          ...(minPosition !== undefined && { min_position: minPosition }),
        },
        { timeoutMs },
      );
      const names = [...new Set(answers.flatMap((answer) => answer.names))];
      return names.sort(compareCodePoints).slice(0, NAMES_PER_ANSWER);
    };

    let before = page * NAMES_PER_PAGE;
    let names = await stretch(undefined);
    while (before >= names.length && names.length === NAMES_PER_ANSWER) {
      before -= names.length;
      names = await stretch(names.at(-1));
    }
    return names.slice(before, before + NAMES_PER_PAGE);
  };
