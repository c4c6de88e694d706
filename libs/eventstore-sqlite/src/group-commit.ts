import { EventStoreError, EventStoreUnavailable } from '@hearth/eventing';
import type { Appended, EncodedAppend } from './log-writer.ts';
import type { CommittedGroup, WriteThread } from './write-thread.ts';

/** A group goes no further than these, so that a burst does not grow one transaction without end. */
const GROUP_APPENDS = 2_000;
const GROUP_CHARACTERS = 8 * 1024 * 1024;

export type Settle = (outcome: Appended | EventStoreError) => void;

interface Waiting {
  readonly append: EncodedAppend;
  readonly settle: Settle;
}

/** What one transaction stored: the appends that are new, in order. */
export interface Committed {
  readonly before: number;
  readonly head: number;
  readonly appends: readonly { readonly append: EncodedAppend; readonly at: Appended }[];
}

/**
 * Appends of one turn of the event loop share one transaction, and so do all that come while another one is committed. Each
 * is answered after its COMMIT.
 */
export interface GroupCommit {
  add(append: EncodedAppend, settle: Settle): void;
  /** Sends what waits on its way, whatever is committed now. */
  flush(): void;
}

export const groupCommit = (
  thread: Pick<WriteThread, 'append'>,
  onCommitted: (committed: Committed) => void,
): GroupCommit => {
  let waiting: Waiting[] = [];
  let weight = 0;
  let committing = 0;
  let scheduled: NodeJS.Immediate | undefined;

  const settleGroup = (group: readonly Waiting[], { before, head, outcomes }: CommittedGroup): void => {
    const appends = group.flatMap(({ append }, index) => {
      const at = outcomes[index]!;
      return at instanceof Error || !at.isNew ? [] : [{ append, at }];
    });
    if (appends.length > 0) onCommitted({ before, head, appends });
    for (const [index, { settle }] of group.entries()) settle(outcomes[index]!);
  };
  const failGroup = (group: readonly Waiting[], error: unknown): void => {
    const outcome =
      error instanceof EventStoreError
        ? error
        : new EventStoreUnavailable('The append failed', { cause: error });
    for (const { settle } of group) settle(outcome);
  };

  const flush = (): void => {
    clearImmediate(scheduled);
    scheduled = undefined;
    const group = waiting;
    waiting = [];
    weight = 0;
    if (group.length === 0) return;
    committing += 1;
    const ended = (): void => {
      committing -= 1;
      // The next group is on its way before this one is answered: the thread is never idle while somebody waits.
      if (waiting.length > 0 && committing === 0) flush();
    };
    void thread.append(group.map(({ append }) => append)).then(
      (committed) => {
        ended();
        settleGroup(group, committed);
      },
      (error: unknown) => {
        ended();
        failGroup(group, error);
      },
    );
  };

  return {
    add: (append, settle) => {
      waiting.push({ append, settle });
      weight += weightOf(append);
      if (waiting.length >= GROUP_APPENDS || weight >= GROUP_CHARACTERS) flush();
      else if (committing === 0) scheduled ??= setImmediate(flush);
    },
    flush,
  };
};

const weightOf = ({ events }: EncodedAppend): number => {
  let weight = 0;
  for (const { data, metadata } of events) weight += data.length + metadata.length;
  return weight;
};
