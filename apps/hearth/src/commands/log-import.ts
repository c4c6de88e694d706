import { ArchiveError, archiveFile, importLog, sha256, sha256Digest } from '@hearth/log-archive';
import type { EventStore } from '@hearth/eventing';

import type { CommandContext } from '../context.ts';
import { counted, type Progress } from '../output/progress.ts';

/** Fills an empty log from an archive, or finishes an import of the same archive that was interrupted. */
export const logImport = async (context: CommandContext, file: string): Promise<void> => {
  const { logs, secret, say, progress, signal } = context;
  let store: EventStore | undefined;
  let shown: Progress | undefined;
  let step: string | undefined;
  try {
    const { events, found } = await importLog({
      source: archiveFile(file),
      newDigest: sha256Digest,
      sha256,
      secretFingerprint: secret()?.fingerprint,
      signal,
      ...(logs.importBatch !== undefined && { batchItems: logs.importBatch }),
      openStore: async () => (store = await logs.openStore()),
      progress: (now, done, of) => {
        if (now !== step) {
          shown?.stop();
          shown = progress(now === 'verify' ? 'verifying' : 'importing');
          step = now;
        }
        shown?.update(done, of);
      },
    });
    shown?.stop();
    const earlier = found === 0 ? '' : `, ${counted(found)} of which were there from an earlier run`;
    say(`imported ${counted(events)} events into log ${store?.storeId}${earlier}`);
  } catch (error) {
    shown?.stop();
    if (store && !(error instanceof ArchiveError))
      say('the import is not complete: run it again to finish it');
    throw error;
  } finally {
    shown?.stop();
    await store?.close();
  }
};
