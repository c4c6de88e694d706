import { StartError, type ConfigOf, type trackSettings as settings } from '@hearth/nest-kit';

import { uuidFrom, type KeyedHash } from '../application/identity-keys.ts';
import { asPhoneRegion } from '../domain/parsing/index.ts';
import type { TrackSettings } from '../domain/workspace-rules.ts';

/** The settings of the environment that say how track bodies are read. */
export type TrackConfig = ConfigOf<typeof settings>;

/**
 * The settings in the words of the parser. The device of a push token comes from a keyed hash of app and token, in the form
 * of a UUID. Throws a `StartError` for a country without phone numbers.
 */
export const trackSettings = (
  { trackLimitMode, trackLimit, strictPrimary, writeSecondaryFromEvents, phoneRegion }: TrackConfig,
  keyedHash: KeyedHash,
): TrackSettings => {
  const region = phoneRegion === undefined ? null : asPhoneRegion(phoneRegion);
  if (region === undefined)
    throw new StartError(`HEARTH_PHONE_REGION: ${phoneRegion} is no country that has phone numbers`);
  return {
    limit: { mode: trackLimitMode, objects: trackLimit },
    strictPrimary,
    writeSecondaryFromEvents,
    phoneRegion: region,
    deviceIdOf: (appId, token) => uuidFrom(keyedHash(`device:${JSON.stringify([appId, token])}`)),
  };
};
