import type { ArchivedEvent } from './archive-lines.ts';

/** A group stays below what one append may carry, whatever an adapter adds to count it. */
const MAX_GROUP_BYTES = 700_000;
const MAX_GROUP_EVENTS = 1_000;

/** Consecutive events of one stream that are appended together. */
export type AppendGroup = readonly [ArchivedEvent, ...ArchivedEvent[]];

/**
 * Gathers events in the order of the log into appends. Together go events that stand side by side in one stream and came
 * from one request: that is what was appended together at first, and a store recognises a late repeat only as the append
 * it was. Where a group ends depends on nothing but the events, so an import that is run again cuts the same ones.
 */
export class AppendGroups {
  #group: [ArchivedEvent, ...ArchivedEvent[]] | undefined;
  #bytes = 0;

  /** Takes the next event and its size as a line; answers the group that it ended, if any. */
  take(event: ArchivedEvent, bytes: number): AppendGroup | undefined {
    const group = this.#group;
    if (
      group &&
      continues(group.at(-1)!, event) &&
      group.length < MAX_GROUP_EVENTS &&
      this.#bytes + bytes <= MAX_GROUP_BYTES
    ) {
      group.push(event);
      this.#bytes += bytes;
      return undefined;
    }
    this.#group = [event];
    this.#bytes = bytes;
    return group;
  }

  /** The last group. */
  end(): AppendGroup | undefined {
    const group = this.#group;
    this.#group = undefined;
    return group;
  }
}

const continues = (last: ArchivedEvent, next: ArchivedEvent): boolean =>
  last.stream === next.stream &&
  last.revision + 1 === next.revision &&
  last.metadata.$correlationId === next.metadata.$correlationId;
