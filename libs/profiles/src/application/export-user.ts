import {
  userStream,
  type AsOf,
  type ExportUser,
  type JsonObject,
  type ProfileQueryReplies,
} from '@hearth/contracts';
import { comparePositions, parsePosition, type EventStore, type RecordedEvent } from '@hearth/eventing';
import { fold } from '../domain/evolve.ts';
import { exportProfile } from '../domain/export/export-profile.ts';
import { unknownProfile, type ActiveProfile, type Profile } from '../domain/profile.ts';
import { profileEventOf } from './profile-event-of.ts';
import type { ProfileTable } from './profile-table.ts';

export interface ExportUserPorts {
  readonly table: Pick<ProfileTable, 'get'>;
  readonly store: Pick<EventStore, 'readStream' | 'storeId'>;
  /** Leaves out custom attributes that the workspace hides. */
  readonly visibleAttributes: VisibleAttributes;
}

/** Custom attributes without those that nobody is shown: the same object where nothing is hidden. */
export type VisibleAttributes = (attributes: JsonObject) => JsonObject;

const PAGE = 500;

/**
 * Shows one user, as it stands or as of an earlier moment of its stream. Who is gone today was never there: an erased or
 * merged user is absent at every moment. Windows that end now end at the moment that is shown.
 */
export const exportUser =
  ({ table, store, visibleAttributes }: ExportUserPorts) =>
  async ({ braze_id, options, as_of }: ExportUser): Promise<ProfileQueryReplies['export']> => {
    const now = table.get(braze_id)?.profile ?? unknownProfile;
    if (now.status !== 'active') return { user: null };
    if (as_of === undefined) return { user: exportProfile(visible(now, visibleAttributes), options) };
    const { profile, at } = await profileAsOf(store, userStream(braze_id), as_of);
    if (profile.status !== 'active') return { user: null };
    const shown = visible(profile, visibleAttributes);
    return { user: exportProfile(shown, { ...options, now: at ?? options.now }) };
  };

/** The profile as it is shown. */
export const visible = (profile: ActiveProfile, visibleAttributes: VisibleAttributes): ActiveProfile => {
  const custom_attributes = visibleAttributes(profile.custom_attributes);
  return custom_attributes === profile.custom_attributes ? profile : { ...profile, custom_attributes };
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
