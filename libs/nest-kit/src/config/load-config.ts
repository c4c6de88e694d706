import { nearest } from './nearest.ts';
import type { ConfigOf, Setting, Settings } from './setting.ts';
import { settings as allSettings } from './settings.ts';

/** The variables of a process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every problem of an environment at once, each a line that names the variable, what it got and what it takes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`the settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** Variables that the tests read; services pass over them. */
const testPrefix = 'HEARTH_TEST_';

const shown = ({ secret }: Setting, text: string | undefined): string =>
  text === undefined ? 'is not set' : secret ? 'got a value (not shown)' : `got ${JSON.stringify(text)}`;

const unknownVariables = (wanted: Settings, env: Environment): string[] => {
  const known = new Set([...Object.values(allSettings), ...Object.values(wanted)].map(({ name }) => name));
  const names: ReadonlySet<string> = known;
  return Object.keys(env)
    .filter((name) => name.startsWith('HEARTH_') && !name.startsWith(testPrefix) && !names.has(name))
    .map((name) => {
      const meant = nearest(name, [...known]);
      return `${name} is no setting of Hearth${meant ? `; did you mean ${meant}?` : ''}`;
    });
};

/**
 * Reads settings out of an environment. An empty variable counts as unset. Throws a `ConfigError` with every problem,
 * `HEARTH_*` variables that no service knows among them, since a misspelt setting would silently be a default.
 */
export const parseConfig = <S extends Settings>(wanted: S, env: Environment): ConfigOf<S> => {
  const problems = unknownVariables(wanted, env);
  const values = Object.entries(wanted).map(([key, setting]) => {
    const text = env[setting.name] || undefined;
    const parsed = setting.schema.safeParse(text ?? setting.default);
    if (!parsed.success) problems.push(`${setting.name} ${shown(setting, text)}; it takes ${setting.takes}`);
    return [key, parsed.data];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.fromEntries(values) as ConfigOf<S>;
};

/** `parseConfig` for a process's start: prints the problems and exits with 1. */
export const loadConfig = <S extends Settings>(wanted: S, env: Environment): ConfigOf<S> => {
  try {
    return parseConfig(wanted, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`hearth: ${error.message}\n`);
    process.exit(1);
  }
};
