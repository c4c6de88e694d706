import type { EventStore, Position, RecordedEvent } from '@hearth/eventing';
import { fold, type ActiveProfile } from '@hearth/profiles';
import type { ProfilesClient } from '@hearth/profiles-client';

/** A user who is there, as the log has it. */
export interface ActiveUser {
  readonly profile: ActiveProfile;
  /** The newest event of its stream. */
  readonly last: RecordedEvent;
}

/** Everybody who is there, folded from whole streams. */
export const activeUsersIn = (events: readonly RecordedEvent[]): readonly ActiveUser[] => {
  const streams = Map.groupBy(
    events.filter(({ stream }) => stream.startsWith('user_')),
    ({ stream }) => stream,
  );
  return [...streams.values()].flatMap((own) => {
    const profile = fold(
      own.map((event) => ({ ...event, received_at: event.metadata.received_at, schema: 1 })),
    );
    return profile.status === 'active' ? [{ profile, last: own.at(-1)! }] : [];
  });
};

/** Finds the carriers of an email or phone as profiles do that have caught up with the log. `from`: where the log begins. */
export const resolveFrom =
  (store: EventStore, from?: Position): ProfilesClient['resolve'] =>
  async ({ kind, value }) => {
    const { events } = await store.readAll({ ...(from && { from }), limit: 1_000_000 });
    return activeUsersIn(events)
      .filter(({ profile }) => profile.fields[kind] === value)
      .map(({ profile, last }) => ({
        braze_id: profile.braze_id,
        external_id: profile.external_ids.at(-1) ?? null,
        updated_at: profile.updated_at,
        position: last.position,
        revision: last.revision,
      }));
  };
