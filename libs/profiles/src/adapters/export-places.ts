import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExportPlace } from '../application/exporting/export-segments.ts';

const PUT_TIMEOUT_MS = 60_000;
const PUT_PAUSES_MS = [0, 500, 2_000, 8_000] as const;

/**
 * Makes places for exports under an address: a folder (`file:`), or an object store that files are PUT to (`https:`; a query
 * string, such as a signature, goes along with each file).
 */
export const exportPlaces = (address: string): ((path: string) => Promise<ExportPlace>) =>
  address.startsWith('file:')
    ? (path) => folderPlace(join(fileURLToPath(address), path))
    : (path) => Promise.resolve(objectStorePlace(address, path));

/**
 * Files are written into a folder that ends in `.partial` until it is whole, and then is renamed in one step. Each attempt at an
 * export has a folder of its own: one that was cut off leaves files that the next one must not take for its own.
 */
const folderPlace = async (folder: string): Promise<ExportPlace> => {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const draft = `${folder}.${randomUUID()}.partial`;
  await mkdir(draft);
  const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });
  return {
    url: pathToFileURL(folder).href,
    put: (name, content) => writeFile(join(draft, name), content, { flush: true }),
    async finish() {
      await rename(draft, folder).catch(async (error: NodeJS.ErrnoException) => {
        // An attempt whose end nobody heard of was whole.
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
      for (const name of await readdir(parent))
        if (name.startsWith(`${basename(folder)}.`)) await remove(join(parent, name));
    },
    discard: () => remove(draft),
  };
};

/** An object is there whole or not at all; `manifest.json` comes last and names the others, which makes the export whole. */
const objectStorePlace = (address: string, path: string): ExportPlace => {
  const stored: string[] = [];
  const put = async (name: string, content: Uint8Array): Promise<void> => {
    let failure: unknown;
    for (const ms of PUT_PAUSES_MS) {
      if (ms > 0) await pause(ms);
      try {
        const { ok, status, body } = await fetch(objectUrl(address, `${path}/${name}`), {
          method: 'PUT',
          body: content as Uint8Array<ArrayBuffer>,
          redirect: 'error',
          signal: AbortSignal.timeout(PUT_TIMEOUT_MS),
        });
        await body?.cancel();
        if (ok) return;
        failure = new Error(`the object store answered ${status}`);
        if (status < 500 && status !== 429) break;
      } catch (error) {
        failure = error;
      }
    }
    throw new Error(`${name} could not be stored`, { cause: failure });
  };
  return {
    async put(name, content) {
      await put(name, content);
      stored.push(name);
    },
    finish: () => put('manifest.json', Buffer.from(JSON.stringify({ files: stored }))),
    // Without a manifest it is no export; what is left is for the store's own rules of expiry.
    discard: () => Promise.resolve(),
  };
};

const objectUrl = (address: string, path: string): URL => {
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  return url;
};
