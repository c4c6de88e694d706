import type { DatabaseSync } from 'node:sqlite';
import { streamMatcher, twoGenerationCache, type EventFilter } from '@hearth/eventing';
import { arrayStatement } from './array-statement.ts';

/** What a reader knows of the streams of a log by their numbers, which mean the same for as long as the log lives. */
export interface StreamNames {
  /** The name of a stream; undefined where the log has none of this number. */
  of(stream: number): string | undefined;
  /** Tells of a stream whether a filter lets it through. Without a filter, all that have a name are. */
  wanted(filter: EventFilter | undefined): (stream: number) => boolean;
}

/** Some 20 to 40 MB of names. */
const CACHED_NAMES = 200_000;
/** The streams of a log are numbered in the order they were made: those met at one time lie side by side. */
const VERDICTS_PER_CHUNK = 4_096;
const WANTED = 1;
const UNWANTED = 2;

/**
 * Names are looked up once a stream, not once an event: a user's events lie far apart, and the same text again and again
 * would be hashed anew each time somebody looks the user up by it.
 */
export const streamNames = (db: DatabaseSync): StreamNames => {
  const select = arrayStatement(db, 'SELECT name FROM streams WHERE id = ?');
  const names = twoGenerationCache<number, { readonly name: string | undefined }>(CACHED_NAMES);
  const verdicts = new WeakMap<EventFilter, (stream: number) => boolean>();

  const of = (stream: number): string | undefined => {
    const known = names.get(stream);
    if (known) return known.name;
    const found = select.get(stream) as unknown as [string] | undefined;
    names.set(stream, { name: found?.[0] });
    return found?.[0];
  };

  /** A byte a stream: what a filter said of it is known even where its name was forgotten. */
  const remembered = (matches: (name: string) => boolean): ((stream: number) => boolean) => {
    const chunks = new Map<number, Uint8Array>();
    return (stream) => {
      const number = Math.floor(stream / VERDICTS_PER_CHUNK);
      let chunk = chunks.get(number);
      if (!chunk) chunks.set(number, (chunk = new Uint8Array(VERDICTS_PER_CHUNK)));
      const place = stream % VERDICTS_PER_CHUNK;
      if (chunk[place] === 0) {
        const name = of(stream);
        chunk[place] = name !== undefined && matches(name) ? WANTED : UNWANTED;
      }
      return chunk[place] === WANTED;
    };
  };

  const every = (stream: number): boolean => of(stream) !== undefined;
  return {
    of,
    wanted: (filter) => {
      if (!filter) return every;
      const known = verdicts.get(filter) ?? remembered(streamMatcher(filter));
      verdicts.set(filter, known);
      return known;
    },
  };
};
