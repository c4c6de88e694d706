import {
  AppendOutcomeUnknown,
  EventStoreError,
  EventStoreUnavailable,
  type EventStoreErrorCode,
} from '@hearth/eventing';

/** SQLite's primary result codes that mean something here: https://www.sqlite.org/rescode.html */
const GENERIC = 1;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IO_ERROR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const CONSTRAINT = 19;
const NOT_A_DATABASE = 26;

/** The primary result code of an error of `node:sqlite`, or undefined for any other error. */
export const resultCodeOf = (error: unknown): number | undefined => {
  const isSqlite =
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_SQLITE_ERROR' &&
    'errcode' in error &&
    typeof error.errcode === 'number';
  return isSqlite ? (error as Error & { errcode: number }).errcode & 0xff : undefined;
};

export const isBusy = (error: unknown): boolean => [BUSY, LOCKED].includes(resultCodeOf(error) ?? 0);
export const isFull = (error: unknown): boolean => resultCodeOf(error) === FULL;

const explained = new Map<number, [EventStoreErrorCode, string]>([
  [GENERIC, ['store_damaged', 'lacks what a Hearth log has; restore it from a backup']],
  [READONLY, ['store_inaccessible', 'cannot be written; check the permissions of the file and its folder']],
  [CORRUPT, ['store_damaged', 'is damaged; restore it from a backup']],
  [CONSTRAINT, ['store_damaged', 'contradicts itself; restore it from a backup']],
  [
    NOT_A_DATABASE,
    ['store_damaged', 'is not a Hearth log, or its header was overwritten; restore it from a backup'],
  ],
  [FULL, ['store_full', 'has no room left; free some space on its disk or raise its limit']],
  [CANNOT_OPEN, ['store_inaccessible', 'cannot be opened; check the path and the permissions of its folder']],
]);

/** Turns an error of `node:sqlite` into one of the port; other errors pass unchanged. */
export const translated = (error: unknown, file: string): unknown => {
  const resultCode = resultCodeOf(error);
  if (resultCode === undefined) return error;
  const [code, explanation] = explained.get(resultCode) ?? [];
  const text = (error as Error).message;
  if (code)
    return new EventStoreError(code, `The event log ${file} ${explanation} (${text})`, { cause: error });
  return new EventStoreUnavailable(`The event log ${file} cannot be used now (${text})`, { cause: error });
};

/**
 * The same for an error of COMMIT. An I/O error there leaves open what reached the disk: a crash right now could bring
 * the transaction back from the write-ahead log.
 */
export const translatedCommit = (error: unknown, file: string): unknown =>
  resultCodeOf(error) === IO_ERROR
    ? new AppendOutcomeUnknown(`The disk failed while ${file} was committed; send the same events again`, {
        cause: error,
      })
    : translated(error, file);

/** Runs a piece of work with its errors translated. */
export const translating = <Result>(file: string, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw translated(error, file);
  }
};
