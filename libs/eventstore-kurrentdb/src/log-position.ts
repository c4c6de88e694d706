import { START, type Position as ClientPosition } from '@kurrent/kurrentdb-client';
import { positionAt, type Position } from '@hearth/eventing';

/**
 * Hearth's positions carry the commit position. Everything written over gRPC has the prepare position equal to it; only
 * the explicit transactions of the old TCP protocol, which Hearth never uses, had two that differ.
 */
export const toPosition = (storeId: string, { commit }: ClientPosition): Position =>
  positionAt(storeId, commit);

/** The offset of a position of ours. Its form has been checked before. */
export const offsetOf = (position: Position): bigint => BigInt(position.slice(-19));

/** What the client wants as `fromPosition`. The beginning has no record of its own, so it is a word. */
export const toClientPosition = (offset: bigint): ClientPosition | typeof START =>
  offset === 0n ? START : { commit: offset, prepare: offset };
