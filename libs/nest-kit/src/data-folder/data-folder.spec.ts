import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATA_FOLDER_VERSION, DataFolderError, openDataFolder, writeOnce } from './data-folder.ts';
import { fingerprintOf, openSecret } from './secret.ts';

let room: string;
beforeEach(() => (room = mkdtempSync(join(tmpdir(), 'hearth-data-'))));
afterEach(() => rmSync(room, { recursive: true, force: true }));

const errorOf = (work: () => unknown): DataFolderError => {
  try {
    work();
  } catch (error) {
    if (error instanceof DataFolderError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('data folder', () => {
  it('is made for this user alone, with its version, and opens again', () => {
    const folder = openDataFolder(join(room, 'a', 'b'));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, 'version'), 'utf8')).toBe(`${DATA_FOLDER_VERSION}\n`);
    expect(openDataFolder(folder)).toBe(folder);
    expect(readdirSync(folder)).toEqual(['version']);
  });

  it('of a newer Hearth is refused', () => {
    writeFileSync(join(room, 'version'), '2\n');
    expect(errorOf(() => openDataFolder(room)).message).toContain(
      'was written by a newer Hearth (data version 2',
    );
  });

  it.each(['', 'one', '0', '-1', '1.5', '{"version":1}'])('with the version %j is refused', (text) => {
    writeFileSync(join(room, 'version'), text);
    expect(errorOf(() => openDataFolder(room)).message).toContain(
      'should hold the version of the data folder',
    );
  });

  it('that is a file is refused, with the setting to change', () => {
    writeFileSync(join(room, 'file'), '');
    const error = errorOf(() => openDataFolder(join(room, 'file')));
    expect(error).toMatchObject({
      code: 'data_folder_unusable',
      message: expect.stringContaining('HEARTH_DATA_DIR'),
    });
  });

  it.skipIf(process.getuid?.() === 0)('that cannot be written to is refused', () => {
    chmodSync(room, 0o500);
    expect(errorOf(() => openDataFolder(room)).code).toBe('data_folder_unusable');
  });
});

describe('secret', () => {
  it('is made once, readable by this user alone, and stays', () => {
    const made = openSecret(room);
    expect(made).toMatchObject({ source: 'made', value: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(statSync(join(room, 'secret')).mode & 0o777).toBe(0o600);
    const { value, fingerprint } = made;
    expect(openSecret(room)).toEqual({ value, fingerprint, source: 'file' });
  });

  it('can be taken back by the start that made it, as if it had never been there', () => {
    openSecret(room).takeBack!();
    expect(readdirSync(room)).toEqual([]);
    const value = 'x'.repeat(40);
    expect(openSecret(room, value)).toMatchObject({ value, source: 'setting' });
    expect(openSecret(room, value).takeBack).toBeUndefined();
  });

  it('is the one that was there first where processes race', () => {
    writeFileSync(join(room, 'secret'), `${'a'.repeat(64)}\n`);
    expect(writeOnce(join(room, 'secret'), `${'b'.repeat(64)}\n`)).toBe(`${'a'.repeat(64)}\n`);
    expect(readdirSync(room)).toEqual(['secret']);
  });

  it('comes from the setting where there is one, and only its fingerprint is kept', () => {
    const value = 'x'.repeat(40);
    expect(openSecret(room, value)).toEqual({ value, fingerprint: fingerprintOf(value), source: 'setting' });
    expect(readdirSync(room)).toEqual(['secret.fingerprint']);
  });

  it('that is not the one the folder was begun under is refused', () => {
    openSecret(room);
    expect(errorOf(() => openSecret(room, 'y'.repeat(64))).message).toContain(
      'HEARTH_SECRET is not the secret that',
    );
  });

  it('that was set once and is set no more is asked for, not made anew', () => {
    const { fingerprint } = openSecret(room, 'y'.repeat(64));
    expect(errorOf(() => openSecret(room)).message).toContain(`fingerprint ${fingerprint}`);
  });

  it.each(['', '\n', 'abc', 'z'.repeat(64), 'a'.repeat(63)])('in a damaged file (%j) is refused', (text) => {
    writeFileSync(join(room, 'secret'), text);
    expect(errorOf(() => openSecret(room)).code).toBe('secret_damaged');
  });

  it('is named by its fingerprint, which does not tell it', () => {
    const { value, fingerprint } = openSecret(room);
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(value).not.toContain(fingerprint);
  });
});
