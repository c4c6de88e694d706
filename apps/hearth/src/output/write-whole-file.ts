import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Write } from './write-to.ts';

const statIfThere = (path: string) =>
  stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

const synced = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Writes a file that is there only when it is whole: under another name beside it, on the disk, then renamed. Whatever
 * fails leaves the file that was there before, or none. A device or pipe is written to as it is.
 */
export const writeWholeFile = async <Result>(
  path: string,
  work: (write: Write) => Promise<Result>,
): Promise<Result> => {
  const found = await statIfThere(path);
  const isPlain = found === undefined || found.isFile() || found.isDirectory();
  const target = found ? await realpath(path) : path;
  const draft = isPlain ? `${target}.${randomUUID().slice(0, 8)}.part` : target;
  if (found?.isDirectory()) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR', path });

  const handle = await open(draft, isPlain ? 'wx' : 'w', 0o600);
  try {
    const result = await work(async (piece) => {
      let rest = typeof piece === 'string' ? Buffer.from(piece) : piece;
      while (rest.length > 0) rest = rest.subarray((await handle.write(rest)).bytesWritten);
    });
    if (isPlain) await handle.sync();
    await handle.close();
    if (isPlain) {
      await rename(draft, target);
      await synced(dirname(target));
    }
    return result;
  } catch (error) {
    await handle.close().catch(() => undefined);
    if (isPlain) await rm(draft, { force: true });
    throw error;
  }
};
