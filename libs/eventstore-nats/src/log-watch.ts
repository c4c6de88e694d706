import type { LogNews, Position } from '@hearth/eventing';
import type { Messaging } from '@hearth/messaging';
import { APPENDED, type Appended } from './wire.ts';

export interface LogWatchOptions {
  readonly messaging: Messaging;
  /** The newest position in the file. */
  readonly head: () => Promise<Position>;
  /** How often the file is looked at, in case an announcement got lost. */
  readonly pollMs: number;
  /** Told of each announcement. */
  readonly announced: () => void;
}

export interface LogWatch {
  onNews(listener: (news: LogNews) => void): () => void;
  stop(): Promise<void>;
}

/**
 * Commits come by the hundred a second, and a follower reads the file at each word of them: what comes within this many
 * milliseconds of the last word is told of together. Nobody who waits for an answer waits for this.
 */
const GATHER_MS = 10;

/** Tells whoever follows the log that it has grown: on each announcement, and by looking at the file now and then. */
export const watchLog = ({ messaging, head, pollMs, announced }: LogWatchOptions): LogWatch => {
  const listeners = new Set<(news: LogNews) => void>();
  let newest: string | undefined;
  let told: string | undefined;
  let gathering: NodeJS.Timeout | undefined;

  const tellAll = () => {
    gathering = undefined;
    if (newest === told) return;
    told = newest;
    gathering = setTimeout(tellAll, GATHER_MS);
    for (const listener of listeners) listener('grown');
  };
  const tell = (position: string) => {
    if (newest !== undefined && position <= newest) return;
    newest = position;
    if (!gathering) tellAll();
  };
  const look = () => {
    if (listeners.size > 0) void head().then(tell, () => undefined);
  };
  const timer = setInterval(look, pollMs);
  timer.unref();
  const stopWatching = messaging.onConnectionChange((connected) => connected && look());
  const registration = messaging.subscribe(APPENDED, (payload) => {
    announced();
    tell((payload as Appended).head);
  });

  return {
    onNews: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => {
      clearInterval(timer);
      clearTimeout(gathering);
      stopWatching();
      return registration.stop();
    },
  };
};
