/** Where an event of a stream stands: its revision, and its position in the log. */
export type Place = readonly [revision: number, position: number];

/**
 * Where some newest events of streams stand that are not in the index yet: of each stream the newest one, and the milestones
 * before it. From those all others are found, each of which leads to the one before it (docs/decisions/0024).
 */
export interface StreamPlaces {
  /** Takes note of the next event of a stream. */
  readonly note: (stream: number, revision: number, position: number) => void;
  readonly newestOf: (stream: number) => Place | undefined;
  /** The first event held of a stream that is not before a revision. */
  readonly atOrAfter: (stream: number, revision: number) => Place | undefined;
  /** All that is held of a stream, as one flat list of revisions and positions. */
  readonly of: (stream: number) => readonly number[];
  readonly streams: () => Iterable<number>;
  readonly delete: (stream: number) => void;
  /** Lets go of everything up to a position. */
  readonly release: (upTo: number) => void;
}

/** Who looks for an event in the middle of a stream goes through so many at most that were not asked for. */
const SPACING = 64;

/** The index has a place of its own for these. */
export const isMilestone = (revision: number): boolean => revision % SPACING === SPACING - 1;

export const streamPlaces = (): StreamPlaces => {
  /** Flat lists: an object for each place would outlive collections. */
  const held = new Map<number, number[]>();
  const placeAt = (places: readonly number[], at: number): Place => [places[at]!, places[at + 1]!];

  return {
    note: (stream, revision, position) => {
      const places = held.get(stream);
      if (!places) return void held.set(stream, [revision, position]);
      const last = places.length - 2;
      if (isMilestone(places[last]!)) places.push(revision, position);
      else {
        places[last] = revision;
        places[last + 1] = position;
      }
    },
    newestOf: (stream) => {
      const places = held.get(stream);
      return places && placeAt(places, places.length - 2);
    },
    atOrAfter: (stream, revision) => {
      const places = held.get(stream) ?? [];
      for (let at = 0; at < places.length; at += 2) if (places[at]! >= revision) return placeAt(places, at);
      return undefined;
    },
    of: (stream) => held.get(stream) ?? [],
    streams: () => held.keys(),
    delete: (stream) => void held.delete(stream),
    release: (upTo) => {
      for (const [stream, places] of held) {
        let gone = 0;
        while (gone < places.length && places[gone + 1]! <= upTo) gone += 2;
        if (gone === places.length) held.delete(stream);
        else if (gone > 0) places.splice(0, gone);
      }
    },
  };
};
