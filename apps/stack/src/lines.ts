import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const colours = [36, 32, 35, 33, 34, 31];

/** Puts the name of its process before each line, in a colour of its own where a terminal shows it. */
export const namedLines = (
  names: readonly string[],
  { coloured, write }: { readonly coloured: boolean; readonly write: (text: string) => void },
) => {
  const width = Math.max(...names.map((name) => name.length));
  return (name: string) => {
    const label = name.padEnd(width);
    const colour = colours[Math.max(0, names.indexOf(name)) % colours.length];
    const prefix = coloured ? `\u001b[${colour}m${label} |\u001b[0m` : `${label} |`;
    return (line: string) => write(`${prefix} ${line}\n`);
  };
};

/** Calls back with each line of a stream. */
export const eachLine = (stream: Readable, line: (text: string) => void): void => {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', line);
};
