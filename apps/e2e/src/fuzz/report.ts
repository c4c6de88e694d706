/** Counts by two names: how often each mutation was answered with each status. */
export interface Report {
  count(mutation: string, status: number): void;
  /** A table for people: a line for each mutation, a column for each status. */
  table(): string;
  /** The statuses that were seen. */
  statuses(): number[];
}

export const reportOf = (): Report => {
  const counts = new Map<string, Map<number, number>>();
  const statuses = (): number[] =>
    [...new Set([...counts.values()].flatMap((row) => [...row.keys()]))].toSorted(
      (one, other) => one - other,
    );
  return {
    count: (mutation, status) => {
      const row = counts.get(mutation) ?? new Map<number, number>();
      counts.set(mutation, row.set(status, (row.get(status) ?? 0) + 1));
    },
    statuses,
    table: () => {
      const columns = statuses();
      const sum = (row: ReadonlyMap<number, number>): number => [...row.values()].reduce((a, b) => a + b, 0);
      const line = (name: string, cells: readonly (number | string)[]): string =>
        name.padEnd(20) + cells.map((cell) => String(cell).padStart(8)).join('');
      const total = columns.map((status) =>
        [...counts.values()].reduce((all, row) => all + (row.get(status) ?? 0), 0),
      );
      return [
        line('mutation', [...columns, 'all']),
        ...[...counts]
          .toSorted(([one], [other]) => one.localeCompare(other))
          .map(([name, row]) => line(name, [...columns.map((status) => row.get(status) ?? 0), sum(row)])),
        line('all', [...total, total.reduce((all, one) => all + one, 0)]),
      ].join('\n');
    },
  };
};
