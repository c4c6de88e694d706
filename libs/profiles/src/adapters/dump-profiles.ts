import type { Json } from '@hearth/contracts';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { ProfileRow } from '../application/read-model.ts';
import { ReadModelError } from '../application/read-model.ts';
import { canonicalJson } from '../domain/json-values.ts';
import { translating } from './sqlite-errors.ts';

/**
 * Every profile of a read model as one line of canonical JSON, in the order of braze_ids. Checkpoints are left out: two
 * read models of one log at one head give the same lines, however they came about. The file may be in use.
 */
export function* dumpProfiles(file: string): Generator<string> {
  if (!existsSync(file)) throw new ReadModelError('read_model_failed', `${file} does not exist`);
  const database = translating(file, () => new DatabaseSync(file, { readOnly: true, timeout: 5_000 }));
  try {
    const rows = translating(file, () =>
      database.prepare('SELECT * FROM profiles ORDER BY braze_id').iterate(),
    );
    for (;;) {
      const next = translating(file, () => rows.next());
      if (next.done) return;
      const row = next.value as unknown as ProfileRow;
      yield canonicalJson({ ...row, document: JSON.parse(row.document) as Json });
    }
  } finally {
    database.close();
  }
}

/** The SHA-256 of the dump, in hex: equal where two read models say the same. */
export const dumpHash = (file: string): string => {
  const hash = createHash('sha256');
  for (const line of dumpProfiles(file)) hash.update(line).update('\n');
  return hash.digest('hex');
};
