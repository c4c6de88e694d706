import type { Json } from '@hearth/contracts';
import type { RejectionCode } from '../rejections.ts';

/**
 * What an operation on one attribute comes to: the value stored afterwards (undefined: none), and why something
 * that was asked for was left out. A refused operation gives back the value it found.
 */
export interface Outcome {
  readonly value: Json | undefined;
  readonly rejected?: RejectionCode;
}

export const stored = (value: Json | undefined): Outcome => ({ value });

export const refused = (found: Json | undefined, rejected: RejectionCode): Outcome => ({
  value: found,
  rejected,
});
