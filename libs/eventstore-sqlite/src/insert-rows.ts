import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** Inserts rows, several at once: a statement that runs costs about as much as four of its rows. */
export interface InsertRows {
  /** Takes the next value of a row. What was taken may be held back. */
  push(value: SQLInputValue): void;
  /** Inserts what is held back: whole rows. */
  finish(): void;
  /** Lets go of what is held back. */
  forget(): void;
  readonly isHolding: boolean;
}

const ROWS = 16;

/** `into` is the statement up to its values. */
export const insertRows = (db: DatabaseSync, into: string, columns: number): InsertRows => {
  const row = `(${Array.from({ length: columns }, () => '?').join()})`;
  const one = db.prepare(`${into} VALUES ${row}`);
  const several = db.prepare(`${into} VALUES ${Array.from({ length: ROWS }, () => row).join()}`);
  const most = ROWS * columns;
  const held = new Array<SQLInputValue>(most).fill(0);
  let length = 0;

  return {
    push: (value) => {
      held[length] = value;
      length += 1;
      if (length < most) return;
      length = 0;
      several.run(...held);
    },
    finish: () => {
      const to = length;
      length = 0;
      for (let from = 0; from < to; from += columns) one.run(...held.slice(from, from + columns));
      held.fill(0); // texts are not kept
    },
    forget: () => {
      length = 0;
      held.fill(0);
    },
    get isHolding() {
      return length > 0;
    },
  };
};
