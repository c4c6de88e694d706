/** A goal of the project and what this run says of it. */
export interface Goal {
  readonly text: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What one part of the benchmark found, ready to be shown. */
export interface Section {
  /** Names the place in the page that it replaces. */
  readonly name: 'sync' | 'async' | 'rebuild' | 'memory';
  readonly title: string;
  /** How it was measured: a paragraph. */
  readonly method: string;
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
}

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A section as Markdown: goals first, then ratios, then figures. */
export const sectionMarkdown = ({ title, method, tables, goals }: Section): string =>
  [
    `### ${title}`,
    method,
    ...(goals.length > 0
      ? [
          markdownTable(
            ['Goal', 'Measured', 'Met'],
            goals.map(({ text, measured, met }) => [text, measured, met ? 'yes' : 'no']),
          ),
        ]
      : []),
    ...tables.flatMap(({ caption, head, rows }) => [caption, markdownTable(head, rows)]),
  ].join('\n\n');

/** A table whose columns are padded, so that it reads the same in a terminal. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
};
