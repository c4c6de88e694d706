import { parseArgs } from 'node:util';
import type { Section } from './report/section.ts';

export type SuiteName = Section['name'];

export interface Options {
  readonly suites: ReadonlySet<SuiteName>;
  readonly quick: boolean;
}

const SUITES: readonly SuiteName[] = ['sync', 'async', 'rebuild', 'memory'];

export const usage = `usage: npm run bench -- [--quick] [--only ${SUITES.join('|')}]
  --quick  a short run to see that everything works; its figures are not written to docs/benchmarks.md
  --only   one part of it; may be given more than once`;

/** Reads the command line. Throws, with a line that says what is wrong, where it asks for something else. */
export const parseOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
  });
  const wanted = values.only?.flatMap((names) => names.split(','));
  for (const name of wanted ?? [])
    if (!isSuite(name)) throw new TypeError(`there is no part named "${name}"`);
  return { suites: new Set(wanted?.filter(isSuite) ?? SUITES), quick: values.quick };
};

const isSuite = (name: string): name is SuiteName => SUITES.some((suite) => suite === name);
