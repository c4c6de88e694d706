import { WrongExpectedRevision, type AppendItem, type EventStore, type NewEvent } from '@hearth/eventing';

import { ArchiveError } from '../domain/archive-error.ts';
import type { AppendGroup } from '../domain/append-groups.ts';
import type { ArchivedEvent } from '../domain/archive-lines.ts';
import { fillersUpTo, type Sha256 } from '../domain/erased-events.ts';
import type { Erasure, Unfinished } from './stored-prefix.ts';
import { StreamRevisions } from './stream-revisions.ts';

/** What one call to the store carries at most: enough to share commits, little enough to hold. */
const BATCH_ITEMS = 512;
const BATCH_EVENTS = 4_000;

type AppendableLog = Pick<EventStore, 'appendMany' | 'eraseBefore' | 'readStream'>;

/**
 * Appends groups at the revisions they have, in batches. Where a stream jumps over revisions, the events before the jump
 * were erased: fillers take their place, and all of it is erased as soon as the event behind the jump stands.
 */
export class LogAppender {
  readonly #store: AppendableLog;
  readonly #sha256: Sha256;
  readonly #batchItems: number;
  readonly #revisions: StreamRevisions;
  #items: AppendItem[] = [];
  #events = 0;
  #erasures: Erasure[] = [];
  readonly #filled = new Set<string>();

  constructor(store: AppendableLog, sha256: Sha256, batchItems = BATCH_ITEMS) {
    this.#store = store;
    this.#sha256 = sha256;
    this.#batchItems = batchItems;
    this.#revisions = new StreamRevisions(store);
  }

  async add(group: AppendGroup): Promise<void> {
    const { stream, revision } = group[0];
    const last = await this.#revisions.before(stream, revision);
    if (revision <= last)
      throw new ArchiveError(
        'append_refused',
        `${stream} is at revision ${last} before its event at revision ${revision}: the archive is not in the order of a log`,
      );
    const continued = this.#filled.delete(stream);
    if (continued || revision > last + 1) {
      for (const { from, events } of fillersUpTo(this.#sha256, last, group))
        await this.#put(stream, from, events);
      this.#erasures.push({ stream, revision });
    }
    await this.#put(stream, revision, group.map(toNewEvent));
  }

  /** Goes on where an earlier run stopped: erases what it did not, and knows the streams it had begun to fill. */
  async resume({ erasures, filled }: Unfinished): Promise<void> {
    for (const stream of filled) this.#filled.add(stream);
    this.#erasures.push(...erasures);
    await this.flush();
  }

  /** Appends what is gathered, then erases what has to be. */
  async flush(): Promise<void> {
    const items = this.#items;
    const erasures = this.#erasures;
    this.#items = [];
    this.#erasures = [];
    this.#events = 0;
    if (items.length > 0)
      for (const outcome of await this.#store.appendMany(items))
        if (outcome instanceof Error) throw refused(outcome);
    for (const { stream, revision } of erasures) await this.#store.eraseBefore(stream, revision);
  }

  async #put(stream: string, first: number, events: readonly NewEvent[]): Promise<void> {
    this.#items.push({ stream, events, expectedRevision: first === 0 ? 'no_stream' : first - 1 });
    this.#events += events.length;
    this.#revisions.set(stream, first + events.length - 1);
    if (this.#items.length >= this.#batchItems || this.#events >= BATCH_EVENTS) await this.flush();
  }
}

const toNewEvent = ({ id, type, data, metadata }: ArchivedEvent): NewEvent => ({ id, type, data, metadata });

const refused = (error: Error): Error =>
  error instanceof WrongExpectedRevision
    ? new ArchiveError(
        'append_refused',
        `${error.message}: somebody else writes to this store, or the archive is not in the order of a log`,
        { cause: error },
      )
    : error;
