import type { Messaging } from '@hearth/messaging';
import { HELLO, type Hello } from './wire.ts';

const ASK_EVERY_MS = 1_000;
const ASK_AGAIN_MS = 150;

/** What is known of the process that writes the log. */
export interface Presence {
  /** `away`: nobody answers. `silent`: it does not answer in time, frozen or overloaded. */
  readonly state: 'here' | 'away' | 'silent';
  /** Asks now; never rejects. */
  ask(): Promise<void>;
  /** It has just answered something, or spoken up. */
  seen(): void;
  /** It has just not been there. */
  missed(): void;
  stop(): void;
}

/**
 * Keeps asking the log process whether it is there: once a second while it is, more often while it is not. `accepts`
 * decides whether the one that answers writes the log that is read here.
 */
export const presenceOf = (messaging: Messaging, accepts: (hello: Hello) => boolean): Presence => {
  let state: Presence['state'] = 'away';
  let sightings = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const seen = () => {
    sightings += 1;
    state = 'here';
  };
  const ask = async (): Promise<void> => {
    const before = sightings;
    try {
      const hello = await messaging.request<Hello>(HELLO, null, { timeoutMs: ASK_EVERY_MS });
      if (accepts(hello)) seen();
      else state = 'away';
    } catch (error) {
      const isLate = error instanceof Error && 'code' in error && error.code === 'timeout';
      if (sightings === before) state = isLate ? 'silent' : 'away';
    }
  };
  const askLater = () => {
    if (stopped) return;
    timer = setTimeout(() => void ask().then(askLater), state === 'here' ? ASK_EVERY_MS : ASK_AGAIN_MS);
    timer.unref();
  };
  askLater();
  const stopWatching = messaging.onConnectionChange((connected) => {
    if (connected) void ask();
    else state = 'away';
  });

  return {
    get state() {
      return state;
    },
    ask,
    seen,
    missed: () => void (state = 'away'),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      stopWatching();
    },
  };
};
