import { isDeepStrictEqual } from 'node:util';
import type { EventStore, Position, RecordedEvent } from '@hearth/eventing';

import { ArchiveError } from '../domain/archive-error.ts';
import { formatEvent, type ArchivedEvent } from '../domain/archive-lines.ts';
import { isFiller, type Sha256 } from '../domain/erased-events.ts';

/** Everything before `revision` of a stream is to be erased. */
export interface Erasure {
  readonly stream: string;
  readonly revision: number;
}

/** What an interrupted import left to be done beside the events that are missing. */
export interface Unfinished {
  readonly erasures: readonly Erasure[];
  /** Streams that end in fillers: the event that they make room for is missing. */
  readonly filled: ReadonlySet<string>;
}

const same = (stored: RecordedEvent, archived: ArchivedEvent): boolean =>
  stored.id === archived.id &&
  stored.stream === archived.stream &&
  stored.revision === archived.revision &&
  (formatEvent(stored) === formatEvent(archived) ||
    (stored.type === archived.type &&
      isDeepStrictEqual(stored.data, archived.data) &&
      isDeepStrictEqual(stored.metadata, archived.metadata)));

async function* storedEvents(store: Pick<EventStore, 'readAll'>): AsyncGenerator<RecordedEvent> {
  let from: Position | undefined;
  for (let done = false; !done;) {
    const page = await store.readAll({ ...(from && { from }) });
    yield* page.events;
    from = page.position;
    done = page.headReached;
  }
}

/**
 * What an import that did not finish left in a store, held against the archive event by event: it has to be the
 * beginning of the archive, in the same order, and nothing else. Two traces of the import itself are allowed for:
 * fillers that were not erased yet, and archived events that are erased already because the archive tells so further on.
 */
export class StoredPrefix {
  readonly #store: Pick<EventStore, 'readAll' | 'readStream'>;
  readonly #sha256: Sha256;
  readonly #events: AsyncGenerator<RecordedEvent>;
  #next: RecordedEvent | undefined;
  #begun = false;
  /** Streams with fillers that nothing followed yet. */
  readonly #filled = new Set<string>();
  /** Streams whose archived events are erased in the store: the last such revision, and the first that stands. */
  readonly #erased = new Map<string, { last: number; first: number }>();
  readonly #erasures: Erasure[] = [];

  constructor(store: Pick<EventStore, 'readAll' | 'readStream'>, sha256: Sha256) {
    this.#store = store;
    this.#sha256 = sha256;
    this.#events = storedEvents(store);
  }

  /**
   * True where the store has this event of the archive, false from the first one on that it lacks. To be asked for every
   * event in order. Throws `store_not_empty` where the store holds something else.
   */
  async covers(event: ArchivedEvent): Promise<boolean> {
    const stored = await this.#peek();
    if (!stored) return false;
    if (same(stored, event)) {
      this.#settle(event);
      await this.#advance();
      return true;
    }
    const { events } = await this.#store.readStream(event.stream, { limit: 1 });
    const first = events[0]?.revision;
    if (first === undefined || first <= event.revision) throw notThisArchive(stored);
    this.#erased.set(event.stream, { last: event.revision, first });
    return true;
  }

  /** Says that the archive has no more events. Throws `store_not_empty` where the store has more. */
  async end(): Promise<void> {
    const stored = await this.#peek();
    if (stored) throw notThisArchive(stored);
  }

  /** Known once `covers` answered false, or `end` returned. */
  get unfinished(): Unfinished {
    return { erasures: this.#erasures, filled: this.#filled };
  }

  #settle({ stream, revision }: ArchivedEvent): void {
    if (this.#filled.delete(stream)) this.#erasures.push({ stream, revision });
    const erased = this.#erased.get(stream);
    if (!erased) return;
    this.#erased.delete(stream);
    // An import erases only where revisions are missing in the archive.
    if (erased.first !== revision || erased.last + 1 === revision)
      throw new ArchiveError('store_not_empty', `${refusal}: events of ${stream} were erased in it`);
  }

  async #peek(): Promise<RecordedEvent | undefined> {
    if (!this.#begun) {
      this.#begun = true;
      await this.#advance();
    }
    return this.#next;
  }

  async #advance(): Promise<void> {
    do {
      const { value, done } = await this.#events.next();
      this.#next = done ? undefined : value;
      if (this.#next && isFiller(this.#sha256, this.#next)) this.#filled.add(this.#next.stream);
    } while (this.#next && isFiller(this.#sha256, this.#next));
  }
}

const refusal =
  'the event store is not empty, and what it holds is not the beginning of this archive. ' +
  'An import needs an empty store: set HEARTH_DATA_DIR to a new folder (or HEARTH_EVENT_STORE to a new store)';

const notThisArchive = ({ stream, revision }: RecordedEvent): ArchiveError =>
  new ArchiveError(
    'store_not_empty',
    `${refusal}; the first event of its own is ${stream} at revision ${revision}`,
  );
