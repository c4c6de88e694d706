import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** Inserts rows, which come as one flat list of their columns. */
export type InsertRows = (values: readonly SQLInputValue[]) => void;

/** A statement that runs costs about as much as four of its rows. */
const ROWS = 16;

/** `into` is the statement up to its values. */
export const insertRows = (db: DatabaseSync, into: string, columns: number): InsertRows => {
  const row = `(${Array.from({ length: columns }, () => '?').join()})`;
  const one = db.prepare(`${into} VALUES ${row}`);
  const several = db.prepare(`${into} VALUES ${Array.from({ length: ROWS }, () => row).join()}`);
  return (values) => {
    for (let from = 0; from < values.length;) {
      const isFull = values.length - from >= ROWS * columns;
      const to = from + (isFull ? ROWS : 1) * columns;
      (isFull ? several : one).run(...values.slice(from, to));
      from = to;
    }
  };
};
