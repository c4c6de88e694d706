import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';

/** The layout of a data folder that this release reads and writes. */
export const DATA_FOLDER_VERSION = 1;

/** Why a data folder cannot be used; the message says how to mend it. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  constructor(
    readonly code: 'data_folder_unusable' | 'data_folder_version' | 'secret_damaged' | 'secret_differs',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

/** The text of a file; undefined where there is none. */
export const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Writes a file whole, or leaves the one that is there: of processes that race, one wins and all read the same. The text
 * is in the file, on disk, before it has its name.
 */
export const writeOnce = (path: string, text: string): string => {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
    return text;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return readFileSync(path, 'utf8');
  } finally {
    rmSync(draft, { force: true });
  }
};

const probe = (folder: string): void => {
  const file = join(folder, `.probe-${randomUUID()}`);
  writeFileSync(file, '', { flag: 'wx' });
  rmSync(file);
};

const checkVersion = (folder: string): void => {
  const path = join(folder, 'version');
  const text = readIfThere(path) ?? writeOnce(path, `${DATA_FOLDER_VERSION}\n`);
  if (!/^[1-9]\d{0,5}\s*$/.test(text))
    throw new DataFolderError(
      'data_folder_version',
      `${path} should hold the version of the data folder, and holds ${JSON.stringify(text.slice(0, 40))}. ` +
        'Is this a folder of Hearth? Restore the file from a backup, or set HEARTH_DATA_DIR to another folder.',
    );
  if (Number(text) > DATA_FOLDER_VERSION)
    throw new DataFolderError(
      'data_folder_version',
      `${folder} was written by a newer Hearth (data version ${Number(text)}, this one knows ${DATA_FOLDER_VERSION}). ` +
        'Update Hearth, or set HEARTH_DATA_DIR to another folder.',
    );
};

/**
 * Makes the data folder where it is missing (for this user alone), and makes sure that it can be written to and is of a
 * version this release knows. Answers its absolute path. Throws `DataFolderError`.
 */
export const openDataFolder = (path: string): string => {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    probe(folder);
  } catch (error) {
    throw new DataFolderError(
      'data_folder_unusable',
      `the data folder ${folder} cannot be written to (${codeOf(error) ?? String(error)}). ` +
        'Mend its permissions, or set HEARTH_DATA_DIR to another folder.',
      { cause: error },
    );
  }
  checkVersion(folder);
  return folder;
};
