import { parseTrackBulk } from '../domain/parsing/index.ts';
import { createApplyWrites } from './apply-writes.ts';
import type { Horizon } from './find-target.ts';
import { createIdentity, type Identity } from './identity/identity.ts';
import { identityKeys } from './identity-keys.ts';
import { createLanes } from './lanes.ts';
import type { LiveRules } from './live-rules.ts';
import type { IngestionPorts } from './ports.ts';
import { readAfterWrite } from './read-after-write.ts';
import { createTrack, type Track } from './track.ts';
import { createTrackSync, type TrackSync } from './track-sync.ts';
import { UserDirectory } from './user-directory.ts';

/** What the REST API asks of ingestion. */
export interface Ingestion {
  readonly track: Track;
  readonly trackBulk: Track;
  readonly trackSync: TrackSync;
  readonly identity: Identity;
}

export const createIngestion = (ports: IngestionPorts, rules: LiveRules): Ingestion => {
  const keys = identityKeys(ports.keyedHash);
  const directory = new UserDirectory(ports.store, keys);
  const horizon: Horizon = { position: undefined };
  const inLane = createLanes();
  const shared = { ...ports, keys, directory, horizon, inLane };
  const applyWrites = createApplyWrites(shared);
  return {
    track: createTrack({ applyWrites, rules }),
    trackBulk: createTrack({ applyWrites, rules, parse: parseTrackBulk }),
    trackSync: createTrackSync({ applyWrites, read: readAfterWrite(ports), rules }),
    identity: createIdentity(shared, rules),
  };
};
