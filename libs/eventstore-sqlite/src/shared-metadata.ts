import type { DatabaseSync } from 'node:sqlite';
import { EventStoreError } from '@hearth/eventing';
import { arrayStatement } from './array-statement.ts';

/**
 * The events of one request mostly stand one after the other, and have the same metadata, which is more than half of what they
 * weigh. It is stored with the first of them; the others name its position in the place of it (docs/decisions/0023).
 */

/** JSON never begins with it. */
const MARK = '@';
const MARK_CODE = MARK.charCodeAt(0);
/** After so many positions the text is stored again: who looks for those that share one looks no further. */
const MOST_SHARING = 1_000;

const pointerTo = (position: number): string => `${MARK}${position}`;
const isPointer = (stored: string): boolean => stored.charCodeAt(0) === MARK_CODE;
const pointedAt = (stored: string): number => Number(stored.slice(MARK.length));

/** What the column of metadata holds for events that are stored in the order of their positions. */
export interface MetadataColumn {
  /** The text itself, or a pointer to the event before that holds the same one. */
  stored(position: number, text: string): string;
  /** The transaction was rolled back: what it stored is not there. */
  forget(): void;
}

export const metadataColumn = (): MetadataColumn => {
  let holder = 0;
  let held: string | undefined;
  let pointer = '';
  return {
    stored: (position, text) => {
      if (text === held && position - holder < MOST_SHARING) return pointer;
      holder = position;
      held = text;
      pointer = pointerTo(position);
      return text;
    },
    forget: () => (held = undefined),
  };
};

/**
 * The metadata of an event by what its row holds. Undefined where the event was erased after its row was read, with all that
 * shared its metadata. Throws `store_damaged` where a pointer leads nowhere.
 */
export type MetadataReader = (position: number, stored: string) => string | undefined;

/** Reads through one connection, a page or a slice at a time: neighbours share one look-up. */
export const metadataReader = (db: DatabaseSync): MetadataReader => {
  const at = arrayStatement(db, 'SELECT metadata FROM events WHERE position = ?');
  const typeAt = db.prepare('SELECT type FROM events WHERE position = ?');
  let holder = 0;
  let held = '';
  return (position, stored) => {
    if (!isPointer(stored)) {
      holder = position;
      return (held = stored);
    }
    const wanted = pointedAt(stored);
    if (wanted === holder) return held;
    const [text] = (at.get(wanted) ?? []) as unknown as [string?];
    if (text === '' && typeAt.get(position)?.['type'] === '') return undefined;
    if (text === undefined || text === '' || isPointer(text))
      throw new EventStoreError(
        'store_damaged',
        `The metadata of the event at ${position} is not where its row says, at ${wanted}; restore the event log from a backup`,
      );
    holder = wanted;
    return (held = text);
  };
};

/** Empties metadata that no event has any more. `emptied` were erased just now, as their rows were before. */
export const metadataEraser = (
  db: DatabaseSync,
): ((emptied: readonly { readonly position: number; readonly metadata: string }[]) => void) => {
  const typeAt = db.prepare('SELECT type FROM events WHERE position = ?');
  const following = db.prepare(
    'SELECT type, metadata FROM events WHERE position > ? AND position < ? ORDER BY position',
  );
  const empty = db.prepare("UPDATE events SET metadata = '' WHERE position = ?");

  const isShared = (holder: number): boolean => {
    const pointer = pointerTo(holder);
    for (const { type, metadata } of following.iterate(holder, holder + MOST_SHARING)) {
      if (metadata !== pointer) return false;
      if (type !== '') return true;
    }
    return false;
  };

  return (emptied) => {
    const holders = new Set(
      emptied.map(({ position, metadata }) => (isPointer(metadata) ? pointedAt(metadata) : position)),
    );
    for (const holder of holders)
      if (typeAt.get(holder)?.['type'] === '' && !isShared(holder)) empty.run(holder);
  };
};
