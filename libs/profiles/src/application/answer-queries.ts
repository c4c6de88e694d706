import type {
  ExportSegmentPage,
  ItemError,
  ListNames,
  ProfileQuery,
  ProfileQueryReplies,
  ProfileQueryReply,
} from '@hearth/contracts';
import { parsePosition, type Position } from '@hearth/eventing';
import { subscriptionsOf } from '../domain/export/user-subscriptions.ts';
import { exportPage } from './export-page.ts';
import { exportUser, type ExportUserPorts } from './export-user.ts';
import type { Leases } from './leases.ts';
import type { ProfileTable } from './profile-table.ts';
import { itemErrorOf } from './read-profiles.ts';

export interface AnswerQueriesPorts extends ExportUserPorts {
  readonly table: Pick<ProfileTable, 'get' | 'find' | 'writtenNames' | 'page'>;
  readonly leases: Leases;
  /** Waits until the log is applied up to a position, or to what was its head at the start. */
  readonly reach: (position: Position | undefined) => Promise<void>;
  /** Writes down everything that is applied. */
  readonly flush: () => Promise<void>;
}

export type AnswerQueries = (
  queries: readonly ProfileQuery[],
) => Promise<ProfileQueryReply[]> | ProfileQueryReply[];

/** Answers what the reading endpoints ask of this owner's users. Item by item; one failing leaves the rest. */
export const answerQueries = (ports: AnswerQueriesPorts): AnswerQueries => {
  const { table, reach, flush, leases } = ports;
  const show = exportUser(ports);
  const showPage = exportPage(ports);

  const reached = (minPosition: string | undefined): Promise<void> =>
    reach(minPosition === undefined ? undefined : parsePosition(minPosition).position);

  const listNames = async (query: ListNames): Promise<ProfileQueryReplies['names']> => {
    await reached(query.min_position);
    await flush();
    return { names: table.writtenNames(query.kind, query.after, query.limit) };
  };

  /** The first page of a partition has everything written down that it may have to show. */
  const segmentPage = async (query: ExportSegmentPage): Promise<ProfileQueryReplies['segment']> => {
    if (query.after === undefined) {
      await reached(query.min_position);
      await flush();
    }
    return showPage(query);
  };

  const answer = async (query: ProfileQuery): Promise<Exclude<ProfileQueryReply, ItemError>> => {
    switch (query.query) {
      case 'find':
        await reached(query.min_position);
        return { braze_ids: table.find(query.lookup) };
      case 'export':
        return show(query);
      case 'names':
        return listNames(query);
      case 'segment':
        return segmentPage(query);
      case 'lease':
        return { granted: leases.take(query.name, query.holder, query.milliseconds) };
      case 'subscriptions':
        return { user: subscriptionsOf(table.get(query.braze_id)?.profile) };
    }
  };
  return (queries) => Promise.all(queries.map((query) => answer(query).catch(itemErrorOf)));
};
