import type { EventStore } from '@hearth/eventing';

import { ArchiveError } from '../domain/archive-error.ts';
import { AppendGroups, type AppendGroup } from '../domain/append-groups.ts';
import type { ArchiveHeader } from '../domain/archive-lines.ts';
import type { Sha256 } from '../domain/erased-events.ts';
import { LogAppender } from './log-appender.ts';
import { readVerified, verifyArchive, type VerifyPorts } from './archive-source.ts';
import { StoredPrefix } from './stored-prefix.ts';

/** What is read goes to the store at least this often: it bounds what is held, and what a store has to find room for. */
const BATCH_BYTES = 4_000_000;

export type ImportStep = 'verify' | 'import';

/** What an import needs of a store. */
export type FillableLog = Pick<EventStore, 'appendMany' | 'eraseBefore' | 'readAll' | 'readStream'>;

export interface ImportPorts extends Omit<VerifyPorts, 'progress'> {
  /** Opens the store to be filled. It is not touched before the archive has been found whole. */
  readonly openStore: () => Promise<FillableLog>;
  /** The fingerprint of the secret that this deployment will run under; undefined where it has none yet. */
  readonly secretFingerprint: string | undefined;
  readonly sha256: Sha256;
  /** How many appends one call to the store carries at most: 1 for a store that does not keep the order of a batch. */
  readonly batchItems?: number;
  readonly progress?: (step: ImportStep, events: number, of?: number) => void;
}

export interface Imported {
  /** Events of the archive, all of them in the store now. */
  readonly events: number;
  /** How many of them an earlier run had stored. */
  readonly found: number;
}

/**
 * Takes an archive over into an empty store: the whole file is verified before the first event is appended, and events
 * keep their streams, revisions, ids, metadata and order. A run that was interrupted is finished by another one: what the
 * store holds must then be the beginning of this archive exactly. Throws `ArchiveError`, and the store's own errors.
 */
export const importLog = async (ports: ImportPorts): Promise<Imported> => {
  const { openStore, sha256, secretFingerprint, progress, signal } = ports;
  const verified = await verifyArchive({ ...ports, progress: (events) => progress?.('verify', events) });
  checkSecret(verified.header, secretFingerprint);

  const store = await openStore();
  const prefix = new StoredPrefix(store, sha256);
  const appender = new LogAppender(store, sha256, ports.batchItems);
  const groups = new AppendGroups();
  const put = async (group: AppendGroup | undefined): Promise<void> => {
    if (group) await appender.add(group);
  };

  let seen = 0;
  let found = 0;
  let held = 0;
  for await (const { event, bytes } of readVerified(ports, verified)) {
    signal?.throwIfAborted();
    if (found === seen && (await prefix.covers(event))) found++;
    else {
      if (found === seen) await appender.resume(prefix.unfinished);
      await put(groups.take(event, bytes));
      held += bytes;
      if (held >= BATCH_BYTES) {
        await appender.flush();
        held = 0;
      }
    }
    if (++seen % 1_000 === 0) progress?.('import', seen, verified.events);
  }
  if (found === seen) {
    await prefix.end();
    await appender.resume(prefix.unfinished);
  }
  await put(groups.end());
  await appender.flush();
  progress?.('import', seen, verified.events);
  return { events: seen, found };
};

const checkSecret = ({ secret_fingerprint: archived }: ArchiveHeader, own: string | undefined): void => {
  if (archived === null || archived === own) return;
  throw new ArchiveError(
    'secret_differs',
    `the archive was written under the secret with fingerprint ${archived}, and ` +
      `${own === undefined ? 'no secret is set here' : `this deployment has ${own}`}: profiles could not be found by ` +
      'their identifiers. Set HEARTH_SECRET to the secret of the deployment it was exported from, or copy that ' +
      "deployment's file `secret` into a new data folder",
  );
};
