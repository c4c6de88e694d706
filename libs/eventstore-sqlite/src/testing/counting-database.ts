import type { DatabaseSync } from 'node:sqlite';

/** A database whose statements tell, at each call of `get` and `all`, which of them it was and how many rows came. */
export const countingDatabase = (
  database: DatabaseSync,
  onRead: (sql: string, rows: number) => void,
): DatabaseSync =>
  ({
    prepare: (sql: string) => {
      const statement = database.prepare(sql);
      const get = statement.get.bind(statement) as (...values: unknown[]) => unknown;
      const all = statement.all.bind(statement) as (...values: unknown[]) => unknown[];
      statement.get = ((...values: unknown[]) => {
        const row = get(...values);
        onRead(sql, row === undefined ? 0 : 1);
        return row;
      }) as typeof statement.get;
      statement.all = ((...values: unknown[]) => {
        const rows = all(...values);
        onRead(sql, rows.length);
        return rows;
      }) as typeof statement.all;
      return statement;
    },
  }) as unknown as DatabaseSync;
