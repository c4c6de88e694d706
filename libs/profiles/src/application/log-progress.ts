import { comparePositions, parsePosition, PositionError, type Position } from '@hearth/eventing';

/** How far the log is applied. It only ever goes forward, whoever reports. */
export interface LogProgress {
  readonly applied: Position | undefined;
  reached(position: Position): boolean;
  advanceTo(position: Position): void;
}

export const logProgress = (from: Position | undefined): LogProgress => {
  let applied = from;
  return {
    get applied() {
      return applied;
    },
    reached: (position) => applied !== undefined && comparePositions(applied, position) >= 0,
    advanceTo: (position) => {
      if (applied === undefined || comparePositions(applied, position) < 0) applied = position;
    },
  };
};

/** True for a well-formed position of this store. */
export const isPositionOf = (storeId: string, text: string): text is Position => {
  try {
    return parsePosition(text).storeId === storeId;
  } catch (error) {
    if (error instanceof PositionError) return false;
    throw error;
  }
};
