import type { DatabaseSync } from 'node:sqlite';
import { EventStoreError } from '@hearth/eventing';
import type { Appended, EncodedAppend, LogWriter } from './log-writer.ts';
import { isFull, translated, translatedCommit } from './sqlite-errors.ts';

/** Flushed at once beyond these, so that a burst neither grows one transaction without end nor waits for its turn. */
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
 * How many turns a group is held open while each still brings appends. A commit takes as long as many turns, and callers
 * whose answers left together come back over a few of them: one commit for all of them instead of one for each wave.
 */
const OPEN_TURNS = 3;

/** Appends of neighbouring turns of the event loop share one transaction; each is answered after its COMMIT. */
export interface GroupCommit {
  add(append: EncodedAppend, settle: Settle): void;
  /** Commits what waits. */
  flush(): void;
}

const weightOf = ({ events }: EncodedAppend): number => {
  let weight = 0;
  for (const { data, metadata } of events) weight += data.length + metadata.length;
  return weight;
};

/** Runs `work` as one transaction; whatever fails, none is left open, and `writer` knows of it. */
export type Transaction = <Result>(work: () => Result) => Result;

export const transactions = (db: DatabaseSync, writer: LogWriter, file: string): Transaction => {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  return (work) => {
    let isCommitting = false;
    try {
      if (db.isTransaction) db.exec('ROLLBACK');
      begin.run();
      const result = work();
      isCommitting = true;
      commit.run();
      return result;
    } catch (error) {
      writer.forget();
      try {
        // Some errors roll back by themselves.
        if (db.isTransaction) db.exec('ROLLBACK');
      } catch {
        // The first error says more; the next transaction tries to roll back again.
      }
      throw isFull(error) ? error : isCommitting ? translatedCommit(error, file) : translated(error, file);
    }
  };
};

export const groupCommit = (
  inTransaction: Transaction,
  writer: LogWriter,
  file: string,
  onCommitted: (committed: Committed) => void,
): GroupCommit => {
  let waiting: Waiting[] = [];
  let weight = 0;
  let scheduled: NodeJS.Immediate | undefined;
  let turns = 0;
  let seen = 0;

  const commit = (group: readonly Waiting[]): void => {
    const before = writer.head();
    const outcomes = inTransaction(() =>
      group.map(({ append }): Appended | EventStoreError => {
        try {
          return writer.append(append);
        } catch (error) {
          if (error instanceof EventStoreError) return error;
          throw error;
        }
      }),
    );
    const appends = group.flatMap(({ append }, index) => {
      const at = outcomes[index]!;
      return at instanceof Error || !at.isNew ? [] : [{ append, at }];
    });
    if (appends.length > 0) onCommitted({ before, head: writer.head(), appends });
    for (const [index, { settle }] of group.entries()) settle(outcomes[index]!);
  };

  const commitOrFail = (group: readonly Waiting[]): void => {
    try {
      commit(group);
    } catch (error) {
      // Where the disk is full, some of the group may fit by themselves.
      if (isFull(error) && group.length > 1) for (const each of group) commitOrFail([each]);
      else {
        const failure = translated(error, file);
        const outcome =
          failure instanceof EventStoreError
            ? failure
            : new EventStoreError('unavailable', `An append to ${file} failed`, { cause: failure });
        for (const { settle } of group) settle(outcome);
      }
    }
  };

  const flush = (): void => {
    clearImmediate(scheduled);
    scheduled = undefined;
    turns = 0;
    seen = 0;
    const group = waiting;
    waiting = [];
    weight = 0;
    if (group.length > 0) commitOrFail(group);
  };

  /** Ends a turn: commits once it brought nothing new, or once the group was open for long enough. */
  const endTurn = (): void => {
    turns += 1;
    if (waiting.length === seen || turns > OPEN_TURNS) return flush();
    seen = waiting.length;
    scheduled = setImmediate(endTurn);
  };

  return {
    add: (append, settle) => {
      waiting.push({ append, settle });
      weight += weightOf(append);
      if (waiting.length >= GROUP_APPENDS || weight >= GROUP_CHARACTERS) flush();
      else scheduled ??= setImmediate(endTurn);
    },
    flush,
  };
};
