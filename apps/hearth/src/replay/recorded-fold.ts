import type { RecordedEvent } from '@hearth/eventing';
import {
  evolve,
  fold,
  undoesEarlier,
  unknownProfile,
  type Profile,
  type ProfileEvent,
} from '@hearth/profiles';

/**
 * Folds one user's stream as the log gives it: each call takes the next event and answers the profile after it. What came
 * before is kept, since an event that takes an earlier one back has all of it folded again.
 */
export const recordedFold = (): ((event: RecordedEvent) => Profile) => {
  const seen: ProfileEvent[] = [];
  let profile: Profile = unknownProfile;
  return ({ type, data, revision, metadata }) => {
    const event = { type, data, revision, received_at: metadata.received_at, schema: metadata.schema };
    seen.push(event);
    profile = undoesEarlier(event) ? fold(seen) : evolve(profile, event);
    return profile;
  };
};
