import { execFileSync } from 'node:child_process';
import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { SystemUser } from '../processes/resources.ts';

/** Where `postgres` and `initdb` lie: on the PATH, or where Debian's package puts them (the newest version). */
export const postgresFolder = (): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...debianFolders()].find(
    (folder) => isProgram(join(folder, 'postgres')) && isProgram(join(folder, 'initdb')),
  );

const debianFolders = (): string[] =>
  globSync('/usr/lib/postgresql/*/bin').toSorted((a, b) => versionOf(b) - versionOf(a));

const versionOf = (folder: string): number => Number(dirname(folder).split('/').at(-1));

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Postgres refuses to run as root: the user to run it as then. Undefined where we are somebody else already. */
export const unprivilegedUser = (): SystemUser | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody'])
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // There is no such user here; the next one will do.
    }
  throw new Error('Postgres does not run as root, and there is no user "postgres" or "nobody" to run it as');
};
