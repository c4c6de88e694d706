import { DatabaseSync } from 'node:sqlite';
import { EventStoreError } from '@hearth/eventing';
import { isBusy, translated } from './sqlite-errors.ts';

/**
 * Makes this process the only writer of a log. It is an exclusive transaction on an empty database beside the log: a
 * lock that the operating system takes back when the process ends, however it ends, so none is ever left behind.
 * Readers do not touch it. Returns the way to give it up; throws `store_in_use`.
 */
export const takeWriterLock = (file: string): (() => void) => {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(`${file}.lock`, { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (isBusy(error))
      throw new EventStoreError(
        'store_in_use',
        `The event log ${file} is already being written by another Hearth; stop it, or give this one a file of its own`,
        { cause: error },
      );
    throw translated(error, `${file}.lock`);
  }
  const held = lock;
  return () => held.close();
};
