import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '@hearth/eventing/testing';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import { expect, it, onTestFinished } from 'vitest';

import { archiveFile } from './archive-file.ts';
import { eventLines, events, exported, imported, newLog } from '../testing/logs.ts';

/** Resolves once the program says that it has imported that many events. */
const importedBy = async (lines: AsyncIterable<string>, count: number): Promise<void> => {
  for await (const line of lines) {
    const [step, at] = line.split(' ');
    if (step === 'import' && Number(at) >= count) return;
  }
};

it('is finished by the next one after each of several kills', async () => {
  const room = mkdtempSync(join(tmpdir(), 'hearth-killed-'));
  onTestFinished(() => rmSync(room, { recursive: true }));
  const source = await newLog();
  for (let n = 0; n < 12; n++) {
    const items = Array.from({ length: 500 }, (_, index) => ({
      stream: `thing-${index % 300}`,
      events: events(1),
      expectedRevision: 'any' as const,
    }));
    await source.appendMany(items);
    await source.eraseBefore(`thing-${n}`, n);
  }
  const bytes = await exported(source);
  const [archive, file] = [join(room, 'log.ndjson'), join(room, 'log.db')];
  writeFileSync(archive, bytes);
  expect(eventLines(bytes).length).toBeGreaterThan(5_900);

  for (const count of [1_000, 2_000, 4_000]) {
    const running = runProgram(new URL('../testing/import-program.ts', import.meta.url), [archive, file]);
    await importedBy(running.lines, count);
    running.process.kill('SIGKILL');
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
  }
  const target = await openSqliteEventStore({ file });
  onTestFinished(() => target.close());
  const { found } = await imported(bytes, target, { source: archiveFile(archive) });
  expect(found).toBeGreaterThan(3_900);
  expect(eventLines(await exported(target))).toEqual(eventLines(bytes));
});
