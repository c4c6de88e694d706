import type { EventStore } from '@hearth/eventing';
import { ProjectionError, type ProjectionErrorCode } from '../application/errors.ts';
import { ReadModelError } from '../application/read-model.ts';
import type { FoldedLog } from './fold-log.ts';
import { packError, unpackError, type PackedError } from './write-protocol.ts';

/** The log as a thread of a rebuild reads it. */
export type ShareLog = Pick<EventStore, 'storeId' | 'readAll' | 'readStream' | 'close'>;

/** How a thread opens the log for itself: by a module, since nothing that is open can be handed over. */
export interface LogModule {
  /** The URL of a module that exports `openLog`, which is called with `settings` and answers a `ShareLog`. */
  readonly url: string;
  /** Anything that can be copied to a thread. */
  readonly settings: unknown;
}

/** What a `LogModule` exports. */
export interface LogModuleExports {
  readonly openLog: (settings: unknown) => Promise<ShareLog>;
}

/** What a thread that folds a share is started with. */
export interface ShareSettings {
  /** The read model, which is there and has no rows of the share. */
  readonly file: string;
  readonly log: LogModule;
  /** Whose users it folds, as a range list. */
  readonly partitions: string;
  /** How many profiles it may have in memory. */
  readonly maxHeld: number;
  /** Shared with whoever started the thread: how many events are folded, and whether to end (not 0). */
  readonly signals: Int32Array;
}

/** Places in `signals`. */
export const FOLDED = 0;
export const ENDING = 1;

export type ShareRequest = 'fold';
export type ShareReply =
  { readonly opened: true } | { readonly folded: FoldedLog } | { readonly failed: PackedFailure };

/** An error, taken apart so that it crosses a thread border. */
export type PackedFailure =
  | { readonly of: 'read model'; readonly error: PackedError }
  | { readonly of: 'projection'; readonly code: ProjectionErrorCode; readonly message: string }
  | { readonly of: 'anything'; readonly message: string };

export const packFailure = (error: unknown): PackedFailure => {
  if (error instanceof ReadModelError) return { of: 'read model', error: packError(error) };
  if (error instanceof ProjectionError) return { of: 'projection', code: error.code, message: error.message };
  return { of: 'anything', message: error instanceof Error ? error.message : String(error) };
};

export const unpackFailure = (failure: PackedFailure): Error => {
  switch (failure.of) {
    case 'read model':
      return unpackError(failure.error);
    case 'projection':
      return new ProjectionError(failure.code, failure.message);
    case 'anything':
      return new Error(failure.message);
  }
};
