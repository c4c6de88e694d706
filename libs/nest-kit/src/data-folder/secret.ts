import { createHmac, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolderError, readIfThere, writeOnce } from './data-folder.ts';

/** What keys the hashes of identifiers and the ids of profiles of one deployment. */
export interface Secret {
  readonly value: string;
  /** Names the secret without telling it: 16 hex digits, carried by exports and compared by imports. */
  readonly fingerprint: string;
  /** Where it came from. */
  readonly source: 'setting' | 'file' | 'made';
  /**
   * Forgets a secret that this start has made, where it turns out that the log was written under another one: otherwise the
   * folder would insist on it. Missing where the secret was there before.
   */
  readonly takeBack?: () => void;
}

/** 16 hex digits that name a secret. */
export const fingerprintOf = (secret: string): string =>
  createHmac('sha256', secret).update('hearth secret fingerprint').digest('hex').slice(0, 16);

const secretIn = (path: string, text: string): string => {
  const value = text.trim();
  if (/^[0-9a-f]{64}$/.test(value)) return value;
  throw new DataFolderError(
    'secret_damaged',
    `${path} should hold 64 hex digits and ${value === '' ? 'is empty' : 'holds something else'}. Profiles cannot be ` +
      'found without the secret they were made under: restore the file from a backup, or set HEARTH_SECRET. ' +
      'Only where no events are stored yet, delete it and a new one is made.',
  );
};

/** The folder remembers which secret it was begun under: another one would split every user in two. */
const checkFingerprint = (folder: string, { value, fingerprint, source }: Secret): void => {
  const remembered = writeOnce(join(folder, 'secret.fingerprint'), `${fingerprint}\n`).trim();
  if (remembered === fingerprintOf(value)) return;
  throw new DataFolderError(
    'secret_differs',
    `${source === 'setting' ? 'HEARTH_SECRET' : join(folder, 'secret')} is not the secret that ${folder} was begun under ` +
      `(fingerprint ${fingerprint}, not ${remembered}). Set HEARTH_SECRET to that one, or HEARTH_DATA_DIR to another folder.`,
  );
};

const fromFile = (folder: string): Pick<Secret, 'value' | 'source'> => {
  const path = join(folder, 'secret');
  const found = readIfThere(path);
  if (found !== undefined) return { value: secretIn(path, found), source: 'file' };
  const begun = readIfThere(join(folder, 'secret.fingerprint'));
  if (begun !== undefined)
    throw new DataFolderError(
      'secret_differs',
      `${folder} was begun under a secret that is set nowhere now (fingerprint ${begun.trim()}). Set HEARTH_SECRET to it.`,
    );
  const own = `${randomBytes(32).toString('hex')}\n`;
  const text = writeOnce(path, own);
  return { value: secretIn(path, text), source: text === own ? 'made' : 'file' };
};

/**
 * The secret of a deployment: the setting where there is one, else the file `secret` of the data folder, made at the first
 * start. Throws a `DataFolderError` where the file is damaged, or the secret is not the one the folder was begun under.
 */
export const openSecret = (folder: string, setting?: string): Secret => {
  const { value, source } =
    setting === undefined ? fromFile(folder) : { value: setting, source: 'setting' as const };
  const secret = { value, source, fingerprint: fingerprintOf(value) };
  checkFingerprint(folder, secret);
  // The fingerprint goes first: a secret without one is in nobody's way.
  const takeBack = (): void => {
    if (readIfThere(join(folder, 'secret'))?.trim() !== value) return;
    for (const file of ['secret.fingerprint', 'secret']) rmSync(join(folder, file), { force: true });
  };
  return source === 'made' ? { ...secret, takeBack } : secret;
};
