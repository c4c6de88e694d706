import type { BrazeId } from '@hearth/contracts';
import {
  compactTable,
  HEX_KEY_DIGITS,
  HEX_KEY_WORDS,
  MOST_FIRST,
  readHexKey,
  type Position,
} from '@hearth/eventing';
import type { StandingRow } from './read-model.ts';

/**
 * Rows of very many profiles, as text in memory that the garbage collector never walks through: some 50 bytes more than the
 * document each. Those written longest ago make room for others.
 */
export interface RowMemory {
  get(brazeId: BrazeId): StandingRow | undefined;
  set(row: StandingRow): void;
}

/** Rows begin at multiples of this, so that the places of 64 GB have numbers of 32 bits. */
const ALIGNMENT = 16;
const LENGTH_BYTES = 4;
const DEFAULT_CHUNK_BYTES = 4 * 1024 * 1024;
/** Of the ids alone; rows are bound by `bytes`. */
const MOST_ROWS = 2_000_000;

/**
 * A ring of chunks that is written to from its beginning again and again; ids lead to places in all that was ever written,
 * so that a place of an earlier round is known for one. The ring gets no larger than `bytes`; the ids take some 30 MB for a million
 * rows beside it.
 */
export const rowMemory = (bytes: number, chunkBytes = DEFAULT_CHUNK_BYTES): RowMemory => {
  const places = compactTable({ keyWords: HEX_KEY_WORDS, valueWords: 1, capacity: MOST_ROWS });
  const ring = Math.floor(bytes / chunkBytes);
  const chunks: Buffer[] = [];
  /** Where the next row goes, counted from the first one that was ever written. */
  let end = 0;

  const readKey = (brazeId: BrazeId): boolean =>
    brazeId.length === HEX_KEY_DIGITS && readHexKey(brazeId, places.key);
  const chunkAt = (place: number): Buffer => {
    const index = Math.floor(place / chunkBytes) % ring;
    return (chunks[index] ??= Buffer.allocUnsafeSlow(chunkBytes));
  };
  /** A place with room for a row, which does not reach over the end of its chunk. */
  const placeFor = (most: number): number => {
    const left = chunkBytes - (end % chunkBytes);
    if (most > left) end += left;
    if (end / ALIGNMENT > MOST_FIRST) {
      places.clear();
      end = 0;
    }
    return end;
  };

  return {
    get: (brazeId) => {
      if (!readKey(brazeId) || !places.read()) return undefined;
      const place = places.value[0]! * ALIGNMENT;
      const oldest = (Math.floor(Math.max(0, end - 1) / chunkBytes) - ring + 1) * chunkBytes;
      if (place < oldest) return undefined;
      const chunk = chunkAt(place);
      const at = (place % chunkBytes) + LENGTH_BYTES;
      const text = chunk.toString('utf8', at, at + chunk.readUInt32LE(at - LENGTH_BYTES));
      const afterRevision = text.indexOf(' ');
      const afterPosition = text.indexOf(' ', afterRevision + 1);
      return {
        braze_id: brazeId,
        revision: Number(text.slice(0, afterRevision)),
        position: text.slice(afterRevision + 1, afterPosition) as Position,
        document: text.slice(afterPosition + 1),
      };
    },
    set: ({ braze_id, revision, position, document }) => {
      if (!readKey(braze_id)) return;
      const text = `${revision} ${position} ${document}`;
      const most = LENGTH_BYTES + text.length * 3;
      if (ring === 0 || most > chunkBytes) return places.delete();
      const place = placeFor(most);
      const chunk = chunkAt(place);
      const at = place % chunkBytes;
      const written = chunk.write(text, at + LENGTH_BYTES, 'utf8');
      chunk.writeUInt32LE(written, at);
      end = Math.ceil((place + LENGTH_BYTES + written) / ALIGNMENT) * ALIGNMENT;
      places.value[0] = place / ALIGNMENT;
      places.write();
    },
  };
};
