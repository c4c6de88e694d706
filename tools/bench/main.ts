// `npm run bench`: Hearth beside a bare Fastify and beside Fastify on Postgres, on this machine, in one run.
import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { parseOptions, usage, type Options, type SuiteName } from './options.ts';
import { startLoadProcess } from './processes/load-process.ts';
import { createResources, type Resources } from './processes/resources.ts';
import { machineLine } from './report/machine.ts';
import { replacePart } from './report/page.ts';
import { sectionMarkdown, type Section } from './report/section.ts';
import { benchAsync } from './suites/async.ts';
import { benchMemory } from './suites/memory.ts';
import { benchRebuild } from './suites/rebuild.ts';
import type { SuiteContext } from './suites/suite.ts';
import { benchSync } from './suites/sync.ts';

const suites: Record<SuiteName, (context: SuiteContext) => Promise<Section>> = {
  sync: benchSync,
  async: benchAsync,
  rebuild: benchRebuild,
  memory: benchMemory,
};
const pageFile = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
/** One press of Ctrl-C arrives from the terminal and from the runner. */
const SAME_PRESS_MS = 500;

const readOptions = (): Options => {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
    process.exit(2);
  }
};

const options = readOptions();
const progress = (text: string): void => {
  if (text !== '') process.stderr.write(`bench: ${text}\n`);
};
let current: Resources | undefined;
let interruptedAt: number | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    const code = 128 + constants.signals[signal];
    if (interruptedAt !== undefined && performance.now() - interruptedAt > SAME_PRESS_MS) process.exit(code);
    interruptedAt ??= performance.now();
    progress('stopping');
    void (current?.release() ?? Promise.resolve()).finally(() => process.exit(code));
  });

/** Each part has its own servers and folders, and leaves nothing to the next one. */
const runSuite = async (name: SuiteName): Promise<Section> => {
  const resources = (current = createResources());
  try {
    const load = await startLoadProcess(resources);
    return await suites[name]({
      resources,
      load,
      quick: options.quick,
      progress: (text) => progress(`${name}: ${text}`),
    });
  } catch (error) {
    // A server that is gone shows as a refused connection; why it went says more.
    progress(resources.lastWords());
    throw error;
  } finally {
    await resources.release();
  }
};

const writePage = async (sections: readonly Section[]): Promise<void> => {
  const made = `Measured on ${machineLine()}, ${new Date().toISOString().slice(0, 10)}.`;
  let page = readFileSync(pageFile, 'utf8');
  for (const section of sections)
    page = replacePart(page, section.name, `${sectionMarkdown(section)}\n\n${made}`);
  writeFileSync(pageFile, await format(page, { parser: 'markdown', filepath: pageFile }));
};

try {
  const sections: Section[] = [];
  for (const name of options.suites) {
    const section = await runSuite(name);
    sections.push(section);
    process.stdout.write(`\n${sectionMarkdown(section)}\n\n`);
  }
  process.stdout.write(`Measured on ${machineLine()}.\n`);
  const missed = sections.flatMap(({ goals }) => goals.filter(({ met }) => !met));
  for (const { text, measured } of missed) progress(`goal missed: ${text}: ${measured}`);
  if (options.quick)
    progress('a quick run shows that everything works; docs/benchmarks.md keeps its figures');
  else await writePage(sections);
} catch (error) {
  if (interruptedAt === undefined) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
