import {
  compactTable,
  HEX_KEY_DIGITS,
  HEX_KEY_WORDS,
  MOST_FIRST,
  readHexKey,
  twoGenerationCache,
} from '@hearth/eventing';

/** What the writer has to know of a stream before it appends to it. */
export interface StreamState {
  /** The stream's number in the log. */
  readonly id: number;
  readonly lastRevision: number;
  /** Where the event of that revision stands; 0 where there is none. */
  readonly lastPosition: number;
}

/** The states of streams as they are now. Those that it forgot are in the log. */
export interface StreamStates {
  get(stream: string): StreamState | undefined;
  set(stream: string, state: StreamState): void;
  clear(): void;
}

/** Streams by name, at some 200 bytes each; twice as many at most. */
const CACHED = 20_000;
/** Streams whose names end in the digits of a hash, at 32 to 65 bytes each; twice as many at most. */
const CACHED_HASHED = 1_400_000;
/** So many beginnings of such names have a number: a hash gives the few that there are. */
const MOST_BEGINNINGS = 4_096;

const DASH = 45;
const WORD = 2 ** 32;

/**
 * A log with a stream for each of many users is written to here and there, and to look a stream up takes two pages or
 * three from anywhere in the file, while every append waits. Names that are a beginning which many share, a dash and 24
 * hex digits are held as numbers, and all others as they are.
 */
export const streamStates = ({ cached = CACHED, cachedHashed = CACHED_HASHED } = {}): StreamStates => {
  const named = twoGenerationCache<string, StreamState>(cached);
  const hashed = compactTable({ keyWords: 1 + HEX_KEY_WORDS, valueWords: 4, capacity: cachedHashed });
  const beginnings = new Map<string, number>();

  const numberOf = (beginning: string): number | undefined => {
    const known = beginnings.get(beginning);
    if (known !== undefined || beginnings.size >= MOST_BEGINNINGS) return known;
    beginnings.set(beginning, beginnings.size);
    return beginnings.size - 1;
  };
  /** Whose key is in place: who sets a state has mostly just asked for it. */
  let keyed: string | undefined;
  /** Makes a name the key that is looked for. False where it has none. */
  const readKey = (stream: string): boolean => {
    if (stream === keyed) return true;
    keyed = undefined;
    const from = stream.length - HEX_KEY_DIGITS;
    if (stream.charCodeAt(from - 1) !== DASH || !readHexKey(stream, hashed.key, 1)) return false;
    const beginning = numberOf(stream.slice(0, from));
    if (beginning === undefined) return false;
    hashed.key[0] = beginning;
    keyed = stream;
    return true;
  };

  return {
    get: (stream) => {
      if (!readKey(stream)) return named.get(stream);
      if (!hashed.read()) return undefined;
      const [id, length, high, low] = hashed.value;
      return { id: id!, lastRevision: length! - 1, lastPosition: high! * WORD + low! };
    },
    set: (stream, state) => {
      if (state.id > MOST_FIRST || !readKey(stream)) return named.set(stream, state);
      hashed.value[0] = state.id;
      hashed.value[1] = state.lastRevision + 1; // -1 of a stream without events
      hashed.value[2] = Math.floor(state.lastPosition / WORD);
      hashed.value[3] = state.lastPosition % WORD;
      hashed.write();
    },
    clear: () => {
      named.clear();
      hashed.clear();
    },
  };
};
