import {
  parsePartitions,
  PROFILE_OWNER_INTERVAL_MS,
  PROFILE_OWNERS_PRESENT,
  PROFILE_OWNERS_WANTED,
  type ProfileOwnerPresence,
} from '@hearth/contracts';
import type { Messaging } from '@hearth/messaging';

/** Which instance serves which partition, as far as this process has heard. */
export interface ProfileOwners {
  /** The owner of a partition (two hex digits), or undefined while it is away. */
  ownerOf(partition: string): string | undefined;
  /** Every owner once, or undefined while any partition is without one. */
  all(): readonly string[] | undefined;
  stop(): Promise<void>;
}

const PARTITIONS = 256;
const AWAY_AFTER_MS = 3 * PROFILE_OWNER_INTERVAL_MS;

/**
 * Listens to the presence that owners publish and asks for it at once. An owner that has been silent for three intervals,
 * or said that it stops, is away: calls are then refused before anything is appended.
 */
export const listenForProfileOwners = (messaging: Messaging, clock: { now(): number }): ProfileOwners => {
  const seen = new Map<string, { at: number; partitions: ReadonlySet<string> }>();
  const byPartition = new Map<string, string>();

  const assign = (): void => {
    byPartition.clear();
    for (const [owner, { partitions }] of seen)
      for (const partition of partitions) byPartition.set(partition, owner);
  };
  const serves = (owner: string): boolean => {
    const last = seen.get(owner);
    return last !== undefined && clock.now() - last.at <= AWAY_AFTER_MS;
  };

  const registration = messaging.subscribe(PROFILE_OWNERS_PRESENT, (payload) => {
    const { owner, partitions, serving } = payload as ProfileOwnerPresence;
    const owned = parsePartitions(partitions);
    const known = seen.has(owner);
    if (!serving || owned === undefined) seen.delete(owner);
    else seen.set(owner, { at: clock.now(), partitions: known ? seen.get(owner)!.partitions : owned });
    if (known !== seen.has(owner)) assign();
    for (const other of seen.keys()) if (!serves(other) && seen.delete(other)) assign();
  });
  const ask = (): void => messaging.publish(PROFILE_OWNERS_WANTED, {});
  ask();
  const stopListening = messaging.onConnectionChange((connected) => connected && ask());

  return {
    ownerOf(partition) {
      const owner = byPartition.get(partition);
      return owner !== undefined && serves(owner) ? owner : undefined;
    },
    all() {
      if (byPartition.size < PARTITIONS) return undefined;
      const owners = [...new Set(byPartition.values())];
      return owners.every(serves) ? owners : undefined;
    },
    async stop() {
      stopListening();
      await registration.stop();
    },
  };
};
