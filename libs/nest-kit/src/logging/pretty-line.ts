import { stripVTControlCharacters } from 'node:util';

const colour = { trace: 90, debug: 90, info: 36, warn: 33, error: 31, fatal: 31 } as const;

interface Line {
  readonly time: string;
  readonly level: string;
  readonly service?: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
}

/** Values come from outside: without their control characters they cannot forge lines or drive a terminal. */
const shown = (value: unknown): string =>
  typeof value === 'string' && /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);

const painted = (text: string, code: number, colours: boolean): string =>
  colours ? `\u001b[${code}m${text}\u001b[0m` : text;

/** Turns one JSON line of the log into one for people: time, level, service, what happened, then the fields. */
export const prettyLine = (json: string, colours: boolean): string => {
  const { time, level, service, msg, err, ...fields } = JSON.parse(json) as Line;
  const details = Object.entries(fields)
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(' ');
  const head = `${time.slice(11, 23)} ${painted(level.padEnd(5), colour[level as keyof typeof colour] ?? 0, colours)}`;
  const cause = err
    ? `\n  ${stripVTControlCharacters(err.stack ?? err.message ?? '').replaceAll('\n', '\n  ')}`
    : '';
  return `${head} ${service ?? ''}: ${stripVTControlCharacters(msg ?? '')}${details ? painted(`  ${details}`, 90, colours) : ''}${cause}\n`;
};
