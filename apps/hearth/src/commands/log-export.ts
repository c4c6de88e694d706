import { exportLog, sha256Digest } from '@hearth/log-archive';

import type { CommandContext } from '../context.ts';
import { counted } from '../output/progress.ts';
import { writeWholeFile } from '../output/write-whole-file.ts';
import type { Write } from '../output/write-to.ts';

/** Writes the log to a file, or to standard output where none is named. */
export const logExport = async (
  context: CommandContext,
  { out }: { readonly out?: string },
): Promise<void> => {
  const { logs, write, say, progress, signal } = context;
  const log = await logs.openReader();
  const shown = progress('exporting');
  try {
    const run = (to: Write): Promise<number> =>
      exportLog({
        log,
        digest: sha256Digest(),
        write: to,
        signal,
        progress: (events) => shown.update(events),
      });
    const events = await (out === undefined ? run(write) : writeWholeFile(out, run));
    shown.stop();
    say(`exported ${counted(events)} events of log ${log.storeId}${out === undefined ? '' : ` to ${out}`}`);
  } finally {
    shown.stop();
    await log.close();
  }
};
