import type { Json } from '@hearth/contracts';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ReadModelError } from '../application/read-model.ts';
import { canonicalJson } from '../domain/json-values.ts';
import { translating } from './sqlite-errors.ts';

/**
 * Every profile of a read model as one line of canonical JSON, in the order of braze_ids; then what hangs on the profiles:
 * further identifiers, and names with how many profiles carry them. Checkpoints are left out: two
 * read models of one log at one head give the same lines, however they came about. The file may be in use.
 */
export function* dumpProfiles(file: string): Generator<string> {
  if (!existsSync(file)) throw new ReadModelError('read_model_failed', `${file} does not exist`);
  const database = translating(file, () => new DatabaseSync(file, { readOnly: true, timeout: 5_000 }));
  try {
    for (const row of iterate(file, database, 'SELECT * FROM profiles ORDER BY braze_id'))
      yield canonicalJson({ ...row, document: JSON.parse(row['document'] as string) as Json });
    for (const row of iterate(file, database, 'SELECT * FROM identifiers ORDER BY key, braze_id'))
      yield canonicalJson({ identifier: { ...row } });
    for (const row of iterate(file, database, 'SELECT * FROM names ORDER BY kind, name'))
      yield canonicalJson({ name: { ...row } });
  } finally {
    database.close();
  }
}

function* iterate(file: string, database: DatabaseSync, sql: string): Generator<Record<string, Json>> {
  const rows = translating(file, () => database.prepare(sql).iterate());
  for (;;) {
    const next = translating(file, () => rows.next());
    if (next.done) return;
    yield next.value as unknown as Record<string, Json>;
  }
}

/** The SHA-256 of the dump, in hex: equal where two read models say the same. */
export const dumpHash = (file: string): string => {
  const hash = createHash('sha256');
  for (const line of dumpProfiles(file)) hash.update(line).update('\n');
  return hash.digest('hex');
};
