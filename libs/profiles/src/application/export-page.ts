import type { ExportSegmentPage, JsonObject, ProfileQueryReplies } from '@hearth/contracts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { exportProfile } from '../domain/export/export-profile.ts';
import { matchFilter } from '../domain/segments/match-filter.ts';
import { visible, type VisibleAttributes } from './export-user.ts';
import type { ProfileTable } from './profile-table.ts';

export interface ExportPagePorts {
  readonly table: Pick<ProfileTable, 'page'>;
  readonly visibleAttributes: VisibleAttributes;
}

/** Rows read in one turn of the event loop: two to three milliseconds. */
const ROWS_PER_TURN = 100;
/** Rows looked through for one answer, so that it comes soon although nobody belongs. */
const ROWS_PER_ANSWER = 2_000;
/** Characters of one answer, well below what a message may carry; a single profile may be more. */
const CHARACTERS_PER_ANSWER = 200_000;

/** The users of one partition who belong to a segment: as many as fit an answer, and where to go on. */
export const exportPage =
  ({ table, visibleAttributes }: ExportPagePorts) =>
  async (query: ExportSegmentPage): Promise<ProfileQueryReplies['segment']> => {
    const { partition, filter, options } = query;
    const matches = matchFilter(filter, Date.parse(options.now));
    const users: JsonObject[] = [];
    let after = query.after ?? partition;
    let characters = 0;
    for (let rows = 0; rows < ROWS_PER_ANSWER; rows += ROWS_PER_TURN) {
      const page = table.page(after, ROWS_PER_TURN);
      for (const [brazeId, { profile }] of page) {
        if (!brazeId.startsWith(partition)) return { users, next: null };
        if (profile.status === 'active' && matches(visible(profile, visibleAttributes))) {
          const user = exportProfile(visible(profile, visibleAttributes), options);
          const size = JSON.stringify(user).length;
          // Whoever does not fit begins the next answer.
          if (users.length > 0 && characters + size > CHARACTERS_PER_ANSWER) return { users, next: after };
          users.push(user);
          characters += size;
        }
        after = brazeId;
      }
      if (page.length < ROWS_PER_TURN) return { users, next: null };
      await nextTurn();
    }
    return { users, next: after };
  };
