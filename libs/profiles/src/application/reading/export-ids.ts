import type { AsOf, BrazeId, ExportUser, JsonObject } from '@hearth/contracts';
import { laterPosition, parsePosition } from '@hearth/eventing';
import {
  severalAsOf,
  type ExportIdsRequest,
  type RefusedRequest,
} from '../../domain/export/export-ids-request.ts';
import { exportOptions } from './export-options.ts';
import { findUsers } from './find-users.ts';
import type { ReadingPorts, ReadOptions } from './ports.ts';

export interface ExportedUsers {
  readonly users: readonly JsonObject[];
  readonly invalid_user_ids?: readonly string[];
}

/**
 * Exports profiles by their identifiers (user-data API §13.1): finds everybody first, asking all owners, then asks the owner
 * of each. One profile travels as one answer, so that many large ones do not have to fit one message.
 */
export const exportIds = (ports: ReadingPorts) => {
  const { queries, clock, timeoutMs } = ports;
  const find = findUsers(ports);

  return async (
    { users: asked, fields, as_of }: ExportIdsRequest,
    read: ReadOptions,
  ): Promise<ExportedUsers | RefusedRequest> => {
    const options = exportOptions(ports, clock.now(), fields ? { fields } : {});
    const found = await Promise.all(asked.map(({ lookups }) => find(lookups, waitingFor(as_of, read))));
    const everybody = [...new Set(found.flat())];
    if (as_of !== undefined && everybody.length > 1) return severalAsOf;

    const shown = new Map<BrazeId, JsonObject>();
    await Promise.all(
      everybody.map(async (braze_id) => {
        const query: ExportUser = { query: 'export', braze_id, options, ...(as_of && { as_of }) };
        const { user } = await queries.askOwnerOf(braze_id, query, { timeoutMs });
        if (user !== null) shown.set(braze_id, user);
      }),
    );
    const missed = asked.filter((_, index) => !found[index]!.some((id) => shown.has(id)));
    return {
      users: everybody.flatMap((id) => (shown.has(id) ? [shown.get(id)!] : [])),
      ...(missed.length > 0 && { invalid_user_ids: missed.map(({ name }) => name) }),
    };
  };
};

/** A moment that the log has not come to is waited for, as any other position is. */
const waitingFor = (asOf: AsOf | undefined, read: ReadOptions): ReadOptions => {
  if (asOf === undefined || !('position' in asOf)) return read;
  const { minPosition = asOf.position } = read;
  const later = laterPosition(parsePosition(minPosition).position, parsePosition(asOf.position).position);
  return { ...read, minPosition: later };
};
