import type { DatabaseSync } from 'node:sqlite';
import { EventStoreError } from '@hearth/eventing';
import type { Appended, EncodedAppend, LogWriter } from './log-writer.ts';
import { isFull, translated, translatedCommit } from './sqlite-errors.ts';

/** Runs `work` as one transaction; whatever fails, none is left open, and `writer` knows of it. */
export type Transaction = <Result>(work: () => Result) => Result;

export const transactions = (db: DatabaseSync, writer: LogWriter, file: string): Transaction => {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  return (work) => {
    let isCommitting = false;
    try {
      begin.run();
      const result = work();
      isCommitting = true;
      commit.run();
      return result;
    } catch (error) {
      // Some errors roll back by themselves.
      if (db.isTransaction) db.exec('ROLLBACK');
      writer.forget();
      throw isFull(error) ? error : isCommitting ? translatedCommit(error, file) : translated(error, file);
    }
  };
};

/** Commits appends as one transaction. Answers each on its own: one that is refused leaves the others as they are. */
export type CommitGroup = (group: readonly EncodedAppend[]) => readonly (Appended | EventStoreError)[];

export const commitGroup = (inTransaction: Transaction, writer: LogWriter, file: string): CommitGroup => {
  const commit: CommitGroup = (group) =>
    inTransaction(() => {
      const outcomes = group.map((append): Appended | EventStoreError => {
        try {
          return writer.append(append);
        } catch (error) {
          if (error instanceof EventStoreError) return error;
          throw error;
        }
      });
      writer.finish();
      return outcomes;
    });

  const commitOrFail: CommitGroup = (group) => {
    try {
      return commit(group);
    } catch (error) {
      // Where the disk is full, some of the group may fit by themselves.
      if (isFull(error) && group.length > 1) return group.flatMap((each) => commitOrFail([each]));
      const failure = translated(error, file);
      const outcome =
        failure instanceof EventStoreError
          ? failure
          : new EventStoreError('unavailable', `An append to ${file} failed`, { cause: failure });
      return group.map(() => outcome);
    }
  };
  return commitOrFail;
};
