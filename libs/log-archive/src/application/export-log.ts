import { DEPLOYMENT_STREAM, type DeploymentInitialised } from '@hearth/contracts';
import { comparePositions, type EventStore, type Position } from '@hearth/eventing';

import { ARCHIVE_VERSION, formatEvent, formatFooter, formatHeader } from '../domain/archive-lines.ts';
import type { Digest } from '../domain/archive-verification.ts';

/** What an export or an import reads. A read-only reader of a log will do for an export. */
export type ReadableLog = Pick<EventStore, 'storeId' | 'head' | 'readAll' | 'readStream'>;

export interface ExportPorts {
  readonly log: ReadableLog;
  readonly digest: Digest;
  /** Takes the next bytes of the archive; the next call comes when it resolved. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Is told how many events have been written, now and then. */
  readonly progress?: (events: number) => void;
  /** Ends the export early; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How many events are held at once. */
const PAGE = 1_000;

/**
 * Writes the log up to the head it has now as an archive: what is appended meanwhile stays out. Holds one page of events
 * at a time. Answers how many events the archive has.
 */
export const exportLog = async ({ log, digest, write, progress, signal }: ExportPorts): Promise<number> => {
  const head = await log.head();
  const put = async (lines: readonly string[]): Promise<void> => {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    digest.update(bytes);
    await write(bytes);
  };

  const secret_fingerprint = (await readFingerprint(log)) ?? null;
  await put([formatHeader({ version: ARCHIVE_VERSION, store_id: log.storeId, secret_fingerprint })]);
  let events = 0;
  let from: Position | undefined;
  for (let done = false; !done;) {
    signal?.throwIfAborted();
    const page = await log.readAll({ ...(from && { from }), limit: PAGE });
    const due = page.events.filter(({ position }) => comparePositions(position, head) <= 0);
    if (due.length > 0) await put(due.map(formatEvent));
    events += due.length;
    progress?.(events);
    from = page.position;
    done = page.headReached || comparePositions(from, head) >= 0;
  }
  await write(Buffer.from(`${formatFooter({ events, sha256: digest.hex() })}\n`));
  return events;
};

/** The fingerprint of the secret that a log was written under; undefined where the log does not say. */
export const readFingerprint = async (log: Pick<EventStore, 'readStream'>): Promise<string | undefined> => {
  const { events } = await log.readStream(DEPLOYMENT_STREAM, { limit: 1 });
  return (events[0]?.data as DeploymentInitialised | undefined)?.secret_fingerprint;
};
