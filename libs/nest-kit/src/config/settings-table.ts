import type { Setting, Settings } from './setting.ts';
import { settings } from './settings.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const row = ({ name, default: fallback, takes, description }: Setting): string =>
  `| \`${name}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${cell(takes)} | ${cell(description)} |`;

/** The settings as a Markdown table, for the documentation. */
export const settingsTable = (table: Settings = settings): string =>
  [
    '| Variable | Default | Takes | For |',
    '| --- | --- | --- | --- |',
    ...Object.values(table).map(row),
  ].join('\n');
