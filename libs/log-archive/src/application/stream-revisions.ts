import type { EventStore } from '@hearth/eventing';

const REMEMBERED = 100_000;

/**
 * The last revision of every stream that an import writes. A bounded number is remembered; the store is asked for the
 * others, so memory stays the same however many streams there are.
 */
export class StreamRevisions {
  readonly #store: Pick<EventStore, 'readStream'>;
  readonly #known = new Map<string, number>();

  constructor(store: Pick<EventStore, 'readStream'>) {
    this.#store = store;
  }

  /** The revision of the last event before `revision`; -1 where there is none. A first event is not asked for. */
  async before(stream: string, revision: number): Promise<number> {
    const known = this.#known.get(stream);
    if (known !== undefined) return known;
    if (revision === 0) return -1;
    const { lastRevision } = await this.#store.readStream(stream, { direction: 'backwards', limit: 1 });
    return lastRevision;
  }

  /** Takes note of an event that is about to be stored. */
  set(stream: string, revision: number): void {
    this.#known.delete(stream);
    this.#known.set(stream, revision);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
  }
}
