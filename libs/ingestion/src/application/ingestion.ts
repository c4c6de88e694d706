import { parseTrackBulk } from '../domain/parsing/index.ts';
import { createApplyWrites } from './apply-writes.ts';
import type { Horizon } from './find-target.ts';
import { createFollowUp } from './follow-up.ts';
import { createClaims } from './identity/claims.ts';
import { createIdentity, type Identity } from './identity/identity.ts';
import { finishBefore } from './identity/finish-before.ts';
import { identityKeys } from './identity-keys.ts';
import { createLanes } from './lanes.ts';
import type { LiveRules } from './live-rules.ts';
import type { IngestionPorts } from './ports.ts';
import { importPushTokens } from './push-tokens/import-push-tokens.ts';
import { movePushTokens } from './push-tokens/move-push-tokens.ts';
import { createSetSubscriptions, type SetSubscriptions } from './subscriptions/set-subscriptions.ts';
import { spreadSubscriptions } from './subscriptions/spread-subscriptions.ts';
import { readAfterWrite } from './read-after-write.ts';
import { createTrack, type Track } from './track.ts';
import { createTrackSync, type TrackSync } from './track-sync.ts';
import { UserDirectory } from './user-directory.ts';

/** What the REST API asks of ingestion. */
export interface Ingestion {
  readonly track: Track;
  readonly trackBulk: Track;
  readonly trackSync: TrackSync;
  readonly setSubscriptions: SetSubscriptions;
  readonly identity: Identity;
}

export const createIngestion = (ports: IngestionPorts, rules: LiveRules): Ingestion => {
  const keys = identityKeys(ports.keyedHash);
  const directory = new UserDirectory(
    ports.store,
    keys,
    (operation) => finish(operation),
    ports.rememberedUsers,
  );
  const horizon: Horizon = { position: undefined };
  const inLane = createLanes();
  const shared = { ...ports, keys, directory, horizon, inLane };
  const applyWrites = createApplyWrites(shared);
  const identity = createIdentity(shared, rules);
  const { operations } = identity;
  const finish = finishBefore(operations);
  const followUp = createFollowUp({
    spread: spreadSubscriptions({ ...ports, operations, rules }),
    move: movePushTokens({ ...ports, operations, claims: createClaims(shared) }),
  });
  const track = { applyWrites, followUp, importTokens: importPushTokens(shared), rules };
  return {
    track: createTrack(track),
    trackBulk: createTrack({ ...track, parse: parseTrackBulk }),
    trackSync: createTrackSync({ ...track, read: readAfterWrite(ports) }),
    setSubscriptions: createSetSubscriptions({ ...ports, applyWrites, followUp, horizon }),
    identity,
  };
};
