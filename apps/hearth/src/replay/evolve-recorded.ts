import type { RecordedEvent } from '@hearth/eventing';
import { evolve, type Profile } from '@hearth/profiles';

/** The profile after one more event of its stream, as the log gives it. */
export const evolveRecorded = (
  profile: Profile,
  { type, data, revision, metadata }: RecordedEvent,
): Profile =>
  evolve(profile, { type, data, revision, received_at: metadata.received_at, schema: metadata.schema });
