import { userStream, type AsOf, type ExportUser, type ProfileQueryReplies } from '@hearth/contracts';
import { comparePositions, parsePosition, type EventStore, type RecordedEvent } from '@hearth/eventing';
import { fold } from '../domain/evolve.ts';
import { exportProfile } from '../domain/export/export-profile.ts';
import { unknownProfile, type Profile } from '../domain/profile.ts';
import { profileEventOf } from './profile-event-of.ts';
import type { ProfileTable } from './profile-table.ts';

export interface ExportUserPorts {
  readonly table: Pick<ProfileTable, 'get'>;
  readonly store: Pick<EventStore, 'readStream' | 'storeId'>;
}

const PAGE = 500;

/**
 * Shows one user, as it stands or as of an earlier moment of its stream. Who is gone today was never there: an erased or
 * merged user is absent at every moment. Windows that end now end at the moment that is shown.
 */
export const exportUser =
  ({ table, store }: ExportUserPorts) =>
  async ({ braze_id, options, as_of }: ExportUser): Promise<ProfileQueryReplies['export']> => {
    const now = table.get(braze_id)?.profile ?? unknownProfile;
    if (now.status !== 'active') return { user: null };
    if (as_of === undefined) return { user: exportProfile(now, options) };
    const { profile, at } = await profileAsOf(store, userStream(braze_id), as_of);
    return {
      user:
        profile.status === 'active' ? exportProfile(profile, { ...options, now: at ?? options.now }) : null,
    };
  };

/** The fold of a stream up to the first event after a moment, and when that moment was. */
const profileAsOf = async (
  store: ExportUserPorts['store'],
  stream: string,
  asOf: AsOf,
): Promise<{ profile: Profile; at: string | undefined }> => {
  const isAfter = laterThan(asOf);
  const events: RecordedEvent[] = [];
  for (let from = -1; ;) {
    const slice = await store.readStream(stream, { from, limit: PAGE });
    const end = slice.events.findIndex(isAfter);
    events.push(...(end < 0 ? slice.events : slice.events.slice(0, end)));
    from = slice.events.at(-1)?.revision ?? from;
    if (end >= 0 || slice.endOfStream) break;
  }
  const at = 'time' in asOf ? asOf.time : events.at(-1)?.metadata.received_at;
  return { profile: fold(events.map(profileEventOf)), at };
};

const laterThan = (asOf: AsOf): ((event: RecordedEvent) => boolean) => {
  if ('time' in asOf) return ({ metadata }) => metadata.received_at > asOf.time;
  const { position } = parsePosition(asOf.position);
  return (event) => comparePositions(event.position, position) > 0;
};
