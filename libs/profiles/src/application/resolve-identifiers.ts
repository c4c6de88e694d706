import type { ResolveIdentifier, ResolveIdentifierReply } from '@hearth/contracts';
import { parsePosition } from '@hearth/eventing';
import type { ProfileTable } from './profile-table.ts';
import { itemErrorOf } from './read-profiles.ts';

export interface ResolveIdentifiersPorts {
  readonly table: Pick<ProfileTable, 'candidates'>;
  /** Waits until the log is applied up to a position, or to what was its head at the start. */
  readonly reach: (position: ReturnType<typeof parsePosition>['position'] | undefined) => Promise<void>;
}

export type ResolveIdentifiers = (
  requests: readonly ResolveIdentifier[],
) => Promise<ResolveIdentifierReply[]> | ResolveIdentifierReply[];

/**
 * Answers who carries an email or phone now. With a `min_position`, everything up to it is applied first. Item by item; one
 * failing leaves the rest.
 */
export const resolveIdentifiers = ({ table, reach }: ResolveIdentifiersPorts): ResolveIdentifiers => {
  const answer = async ({
    kind,
    value,
    min_position,
  }: ResolveIdentifier): Promise<ResolveIdentifierReply> => {
    try {
      await reach(min_position === undefined ? undefined : parsePosition(min_position).position);
      const candidates = table.candidates(kind, value);
      return {
        candidates: candidates.map(({ braze_id, external_id, updated_at, position, revision }) => ({
          braze_id,
          external_id,
          updated_at: updated_at ?? '',
          position,
          revision,
        })),
      };
    } catch (error) {
      return itemErrorOf(error);
    }
  };
  return (requests) => Promise.all(requests.map(answer));
};
