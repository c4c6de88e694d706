import { ArchiveError } from '../domain/archive-error.ts';
import type { ArchivedEvent, ArchiveHeader } from '../domain/archive-lines.ts';
import { ArchiveVerification, type Digest, type Line } from '../domain/archive-verification.ts';

/** A file that can be read from its beginning as often as it takes. */
export interface ArchiveSource {
  lines(): AsyncIterable<Line>;
}

/** A whole archive, as far as it was read through once. */
export interface VerifiedArchive {
  readonly header: ArchiveHeader;
  readonly events: number;
}

export interface VerifyPorts {
  readonly source: ArchiveSource;
  readonly newDigest: () => Digest;
  readonly progress?: (events: number) => void;
  readonly signal?: AbortSignal;
}

const PROGRESS_EVERY = 1_000;

/** Reads an archive through. Throws an `ArchiveError` unless it is whole and as it was written. */
export const verifyArchive = async (ports: VerifyPorts): Promise<VerifiedArchive> => {
  const { source, newDigest, progress, signal } = ports;
  const verification = new ArchiveVerification(newDigest());
  let events = 0;
  for await (const line of source.lines()) {
    signal?.throwIfAborted();
    if (verification.take(line).kind === 'event' && ++events % PROGRESS_EVERY === 0) progress?.(events);
  }
  progress?.(events);
  return verification.end();
};

/** An event and the bytes of its line. */
export interface ReadEvent {
  readonly event: ArchivedEvent;
  readonly bytes: number;
}

/**
 * The events of an archive that was verified before. It is verified once more on the way, so that a file that is changed
 * in between does not pass; that shows at the end, as `archive_changed`.
 */
export async function* readVerified(
  { source, newDigest }: Pick<VerifyPorts, 'source' | 'newDigest'>,
  verified: VerifiedArchive,
): AsyncGenerator<ReadEvent> {
  const verification = new ArchiveVerification(newDigest());
  try {
    for await (const line of source.lines()) {
      const taken = verification.take(line);
      if (taken.kind === 'event') yield { event: taken.event, bytes: line.bytes.length };
    }
    const { events, header } = verification.end();
    if (events === verified.events && header.store_id === verified.header.store_id) return;
  } catch (cause) {
    if (!(cause instanceof ArchiveError)) throw cause;
    throw new ArchiveError('archive_changed', `the archive was changed while it was read: ${cause.message}`, {
      cause,
    });
  }
  throw new ArchiveError('archive_changed', 'the archive was replaced by another one while it was read');
}
