import { ReadModelError, type ReadModelErrorCode } from '../application/read-model.ts';

/** SQLite's primary result codes that say something to whoever runs Hearth. */
const meanings: Readonly<Record<number, readonly [ReadModelErrorCode, string]>> = {
  5: ['read_model_in_use', 'is in use by another process; stop that one'],
  8: ['read_model_read_only', 'cannot be written to; mend its permissions'],
  11: ['read_model_damaged', 'is damaged; the next start rebuilds it from the log'],
  13: ['read_model_full', 'cannot grow: the disk is full; free some space'],
  14: ['read_model_failed', 'cannot be opened; check that its folder exists and its permissions'],
  26: ['read_model_damaged', 'is not a database; the next start rebuilds it from the log'],
};

/** Turns an error of SQLite into one of ours; other errors come back as they are. */
export const translated = (file: string, error: unknown): unknown => {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  const [code, meaning] = meanings[error.errcode & 0xff] ?? ['read_model_failed', `failed: ${error.message}`];
  return new ReadModelError(code, `${file} ${meaning}`, { cause: error });
};

/** Does something with SQLite, with its errors as ours. */
export const translating = <Result>(file: string, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw translated(file, error);
  }
};
