import {
  PROFILE_OWNER_INTERVAL_MS,
  PROFILE_OWNERS_PRESENT,
  PROFILE_OWNERS_WANTED,
  type ProfileOwnerPresence,
} from '@hearth/contracts';
import type { Messaging } from '@hearth/messaging';

/** An owner that says that it is there. */
export interface Presence {
  /** Says it now, when something has changed. */
  announce(): void;
  /** Says that it serves no more, as its last word. */
  stop(): Promise<void>;
}

export interface PresenceOptions {
  readonly messaging: Messaging;
  readonly owner: string;
  readonly partitions: string;
  readonly isServing: () => boolean;
}

/** Publishes who serves which partitions: at once, once a second, when it is wanted, and when the connection is back. */
export const announcePresence = ({ messaging, owner, partitions, isServing }: PresenceOptions): Presence => {
  let stopped = false;
  const announce = (): void => {
    const presence: ProfileOwnerPresence = { owner, partitions, serving: !stopped && isServing() };
    if (messaging.connected) messaging.publish(PROFILE_OWNERS_PRESENT, presence);
  };
  const wanted = messaging.subscribe(PROFILE_OWNERS_WANTED, announce);
  const stopListening = messaging.onConnectionChange((connected) => connected && announce());
  const timer = setInterval(announce, PROFILE_OWNER_INTERVAL_MS);
  timer.unref();
  announce();
  return {
    announce,
    async stop() {
      stopped = true;
      clearInterval(timer);
      stopListening();
      announce();
      await wanted.stop();
      if (messaging.connected) await messaging.flush();
    },
  };
};
