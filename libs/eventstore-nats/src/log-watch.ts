import type { LogNews, Position } from '@hearth/eventing';
import type { Messaging } from '@hearth/messaging';
import { APPENDED, GATHER_MS, type Appended } from './wire.ts';

export interface LogWatchOptions {
  readonly messaging: Messaging;
  /** The newest position in the file. */
  readonly head: () => Promise<Position>;
  /** The streams that events after one position and up to another belong to; undefined where these are too many. */
  readonly streamsBetween: (after: Position, upTo: Position) => ReadonlySet<string> | undefined;
  /** How often the file is looked at, in case an announcement got lost. */
  readonly pollMs: number;
  /** Told of each announcement. */
  readonly announced: () => void;
}

export interface LogWatch {
  /** `matches` says which streams the listener wants to hear of. */
  onNews(listener: (news: LogNews) => void, matches: (stream: string) => boolean): () => void;
  stop(): Promise<void>;
}

/**
 * Tells whoever follows the log that it has grown: on each announcement, and by looking at the file now and then. Most
 * followers want to hear of few streams, and would each look through everything: so it is looked through once for all of them,
 * and those that it does not concern are just told how far that was.
 */
export const watchLog = (options: LogWatchOptions): LogWatch => {
  const { messaging, head, streamsBetween, pollMs, announced } = options;
  const listeners = new Map<(news: LogNews) => void, (stream: string) => boolean>();
  let newest: Position | undefined;
  let told: Position | undefined;
  let gathering: NodeJS.Timeout | undefined;

  const tellAll = () => {
    gathering = undefined;
    if (newest === undefined || newest === told) return;
    const [after, position] = [told, newest];
    told = newest;
    gathering = setTimeout(tellAll, GATHER_MS);
    const streams = after === undefined || listeners.size < 2 ? undefined : between(after, position);
    for (const [listener, matches] of listeners)
      if (after === undefined || !streams || [...streams].some(matches)) listener('grown');
      else listener({ after, position, events: [], bytes: 0 });
  };
  /** What cannot be looked through now, each looks for itself. */
  const between = (after: Position, upTo: Position): ReadonlySet<string> | undefined => {
    try {
      return streamsBetween(after, upTo);
    } catch {
      return undefined;
    }
  };
  const tell = (position: Position) => {
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
    tell((payload as Appended).head as Position);
  });

  return {
    onNews: (listener, matches) => {
      listeners.set(listener, matches);
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
