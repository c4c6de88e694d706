import { readFileSync } from 'node:fs';
import { settingsTable } from '@hearth/nest-kit';
import { expect, it } from 'vitest';

it('the README lists every setting as the services read it', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const table = /<!-- settings: begin -->\n([^]*?)\n<!-- settings: end -->/.exec(readme)?.[1];
  const cells = (text: string): string[][] =>
    text
      .split('\n')
      .filter((line) => line.startsWith('|') && !line.startsWith('| -'))
      .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  expect(cells(table ?? '')).toEqual(cells(settingsTable()));
});
