import { EventStoreError, EventStoreUnavailable } from '@hearth/eventing';
import type { Appended, EncodedAppend } from './log-writer.ts';
import type { CommittedGroup, WriteThread } from './write-thread.ts';

/** A group goes hardly further than these, so that a burst does not grow one transaction without end. */
const GROUP_APPENDS = 2_000;
const GROUP_CHARACTERS = 8 * 1024 * 1024;

export type Outcome = Appended | EventStoreError;

/** The appends of one call, which are answered together. */
interface Call {
  readonly appends: readonly EncodedAppend[];
  readonly settle: (outcomes: readonly Outcome[]) => void;
}

/** What one transaction was asked to store, and what became of each append. */
export interface Committed {
  readonly before: number;
  readonly head: number;
  readonly appends: readonly EncodedAppend[];
  readonly outcomes: readonly Outcome[];
}

/**
 * Appends of one turn of the event loop share one transaction, and so do all that come while another one is committed. Each
 * is answered after its COMMIT.
 */
export interface GroupCommit {
  /** Takes the appends of one call; `settle` gets their outcomes, in order. */
  add(appends: readonly EncodedAppend[], settle: (outcomes: readonly Outcome[]) => void): void;
  /** Sends what waits on its way, whatever is committed now. */
  flush(): void;
}

/** Who is told of what was committed. */
export interface CommitListener {
  /** Called before the appends are answered. */
  committed(committed: Committed): void;
  /**
   * Called at the end of a turn, once its appends are on their way to the disk: the thread writes while events are read again.
   * A profile that is asked for when an append is answered is asked for behind that (`coalesce` sends then as well).
   */
  tellEvents(): void;
}

export const groupCommit = (thread: Pick<WriteThread, 'append'>, news: CommitListener): GroupCommit => {
  let waiting: Call[] = [];
  let size = 0;
  let weight = 0;
  let committing = 0;
  let scheduled: NodeJS.Immediate | undefined;

  const settleGroup = (
    calls: readonly Call[],
    appends: readonly EncodedAppend[],
    { before, head, outcomes }: CommittedGroup,
  ): void => {
    if (head > before) {
      news.committed({ before, head, appends, outcomes });
      scheduled ??= setImmediate(endTurn);
    }
    if (calls.length === 1) return calls[0]!.settle(outcomes);
    let at = 0;
    for (const call of calls) call.settle(outcomes.slice(at, (at += call.appends.length)));
  };
  const failGroup = (calls: readonly Call[], error: unknown): void => {
    const outcome =
      error instanceof EventStoreError
        ? error
        : new EventStoreUnavailable('The append failed', { cause: error });
    for (const { appends, settle } of calls) settle(appends.map(() => outcome));
  };

  const flush = (): void => {
    const calls = waiting;
    waiting = [];
    size = weight = 0;
    if (calls.length === 0) return;
    committing += 1;
    const ended = (): void => {
      committing -= 1;
      // The next group is on its way before this one is answered: the thread is never idle while somebody waits.
      if (waiting.length > 0 && committing === 0) flush();
    };
    const appends = calls.length === 1 ? calls[0]!.appends : calls.flatMap((call) => call.appends);
    void thread.append(appends).then(
      (committed) => {
        ended();
        settleGroup(calls, appends, committed);
      },
      (error: unknown) => {
        ended();
        failGroup(calls, error);
      },
    );
  };

  const endTurn = (): void => {
    scheduled = undefined;
    if (committing === 0) flush();
    news.tellEvents();
  };

  return {
    add: (appends, settle) => {
      waiting.push({ appends, settle });
      size += appends.length;
      for (const append of appends) weight += weightOf(append);
      if (size >= GROUP_APPENDS || weight >= GROUP_CHARACTERS) flush();
      else if (committing === 0) scheduled ??= setImmediate(endTurn);
    },
    flush,
  };
};

const weightOf = ({ events }: EncodedAppend): number => {
  let weight = 0;
  for (const { data, metadata } of events) weight += data.length + metadata.length;
  return weight;
};
