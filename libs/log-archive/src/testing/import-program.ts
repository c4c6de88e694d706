import { openSqliteEventStore } from '@hearth/eventstore-sqlite';

import { archiveFile } from '../adapters/archive-file.ts';
import { sha256, sha256Digest } from '../adapters/sha256.ts';
import { importLog } from '../application/import-log.ts';

// Imports the archive of the first argument into the log of the second, and says how far it has come.
const [archive = '', file = ''] = process.argv.slice(2);

await importLog({
  source: archiveFile(archive),
  newDigest: sha256Digest,
  sha256,
  secretFingerprint: undefined,
  batchItems: 50,
  openStore: () => openSqliteEventStore({ file }),
  progress: (step, events) => console.log(step, events),
});
process.exit();
