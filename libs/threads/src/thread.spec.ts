import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { describe, expect, it, onTestFinished } from 'vitest';

import { startThread, ThreadGone, threadScript, type Thread } from './thread.ts';

/** A thread that says what it was started with, then answers with twice the number; it ends at 0 and fails at 13. */
const started = async (): Promise<{ thread: Thread<number, number | string>; opened: number | string }> => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-thread-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const script = join(folder, 'script.mjs');
  writeFileSync(
    script,
    `import { parentPort, workerData } from 'node:worker_threads';
     parentPort.on('message', (n) => {
       if (n === 0) process.exit();
       if (n === 13) throw new Error('thirteen');
       parentPort.postMessage(2 * n);
     });
     parentPort.postMessage(workerData);`,
  );
  return startThread<number, number | string>(pathToFileURL(script), 'hello');
};

describe('a thread', () => {
  it('answers in the order asked', async () => {
    const { thread, opened } = await started();
    expect(opened).toBe('hello');
    expect(await Promise.all([1, 2, 3].map((n) => thread.ask(n)))).toEqual([2, 4, 6]);
    expect(thread.isGone).toBe(false);
    await thread.ask(0).catch(() => undefined);
  });

  it.each([
    ['ends', 0],
    ['fails', 13],
  ])('that %s leaves what was asked open, and refuses what is asked later', async (_, word) => {
    const { thread } = await started();
    const open = thread.ask(word);
    await expect(open).rejects.toMatchObject({ name: 'ThreadGone', wasAsked: true });
    expect(thread.isGone).toBe(true);
    const later = thread.ask(1);
    await expect(later).rejects.toBeInstanceOf(ThreadGone);
    await expect(later).rejects.toMatchObject({ wasAsked: false });
  });

  it('has the young generation it was given, whatever the command line gives the main thread', async () => {
    setFlagsFromString('--max-semi-space-size=32');
    const folder = mkdtempSync(join(tmpdir(), 'hearth-thread-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const script = join(folder, 'script.mjs');
    writeFileSync(
      script,
      `import { getHeapSpaceStatistics } from 'node:v8';
       import { parentPort } from 'node:worker_threads';
       const held = [];
       for (let n = 0; n < 3_000_000; n++) held[n % 200_000] = { n };
       parentPort.postMessage(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);`,
    );
    const { opened } = await startThread<never, number>(pathToFileURL(script), undefined, {
      youngMegabytes: 6,
    });
    expect(opened).toBeLessThanOrEqual(6 * 2 ** 20);
  });

  it('has its script beside the module that starts it, compiled or not', () => {
    expect(threadScript('file:///a/b.ts', 'worker').href).toBe('file:///a/worker.ts');
    expect(threadScript('file:///a/b.js', 'worker').href).toBe('file:///a/worker.js');
  });
});
