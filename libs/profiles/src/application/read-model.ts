import type { BrazeId, NameKind } from '@hearth/contracts';
import type { Position } from '@hearth/eventing';

/** A profile as it is written down. Its columns are what it is looked up and dumped by. */
export interface ProfileRow {
  readonly braze_id: BrazeId;
  /** The revision of the last event of its stream that is folded in. */
  readonly revision: number;
  /** The position of that event. */
  readonly position: Position;
  /** When the profile was last written to; null where no user was created. */
  readonly updated_at: string | null;
  readonly external_id: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  /** The profile as JSON. */
  readonly document: string;
}

/** What a row says of a candidate for an email or phone. */
export type CandidateRow = Pick<
  ProfileRow,
  'braze_id' | 'revision' | 'position' | 'updated_at' | 'external_id'
>;

/** How many more profiles carry a name than before. */
export interface NameCount {
  readonly kind: NameKind;
  readonly name: string;
  readonly change: number;
}

/** What is written beside rows, in the same transaction: the difference that these rows make. */
export interface DerivedRows {
  /** Keys that a user is found by and that the row has no column for. */
  readonly addedIdentifiers: readonly (readonly [key: string, brazeId: BrazeId])[];
  readonly removedIdentifiers: readonly (readonly [key: string, brazeId: BrazeId])[];
  readonly nameCounts: readonly NameCount[];
}

/** What a row says of where a profile stands. */
export type StandingRow = Pick<ProfileRow, 'braze_id' | 'revision' | 'position' | 'document'>;

/**
 * Where profiles are written down, with how far the log has been folded. It can be lost: it is rebuilt from the log. Reads
 * are synchronous; what writes is done on a thread of its own and resolves once it is committed. All fail with `ReadModelError`s.
 *
 * Rows may be ahead of the checkpoint and never behind it: everything up to the checkpoint is in them.
 */
export interface ReadModel {
  /** How far the log was folded when it was opened; undefined for one that is new. */
  readonly checkpoint: Position | undefined;
  /** The position of the newest event in any row when it was opened; undefined where it had none. */
  readonly furthest: Position | undefined;
  readonly row: (brazeId: BrazeId) => StandingRow | undefined;
  /**
   * Looks for a row without holding up the process; null where there is none. Undefined, also later, where `row` may as
   * well be asked. Never rejects.
   */
  readonly rowElsewhere: (brazeId: BrazeId) => Promise<StandingRow | null | undefined> | undefined;
  /** Everybody whose row carries this email or phone. */
  readonly candidates: (kind: 'email' | 'phone', value: string) => readonly CandidateRow[];
  /** Everybody whose row has this primary external id. */
  readonly byExternalId: (externalId: string) => readonly BrazeId[];
  /** Everybody who is found by this key beside what their row has columns for. */
  readonly byIdentifier: (key: string) => readonly BrazeId[];
  /** Names that profiles carry: those right after `after`, in the order of their code points. */
  readonly names: (kind: NameKind, after: string | undefined, limit: number) => readonly string[];
  /** Rows in the order of their braze_ids: those right after `after`. */
  readonly rowsAfter: (after: BrazeId | undefined, limit: number) => readonly ProfileRow[];
  /** Writes rows, what hangs on them, and the checkpoint where one is given, in one transaction. */
  readonly write: (
    rows: readonly ProfileRow[],
    checkpoint?: Position,
    derived?: DerivedRows,
  ) => Promise<void>;
  /** Makes what only look-ups need, and what a build from nothing does without. Harmless to repeat. */
  readonly finishBuild: () => Promise<void>;
  /** Leaves nothing of overwritten rows behind, as an erasure asks. False where that has to be tried again. */
  readonly scrub: () => Promise<boolean>;
  readonly close: () => Promise<void>;
  /** Throws everything away, so that the next start builds it anew. */
  readonly discard: () => Promise<void>;
}

/** Why a read model refused or failed; `code` is stable, `message` is for people and says how to mend it. */
export type ReadModelErrorCode =
  | 'read_model_newer'
  | 'read_model_foreign'
  | 'read_model_in_use'
  | 'read_model_damaged'
  | 'read_model_read_only'
  | 'read_model_full'
  | 'read_model_failed';

export class ReadModelError extends Error {
  override readonly name = 'ReadModelError';
  readonly code: ReadModelErrorCode;
  constructor(code: ReadModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
  /** True where it can pass without a restart: somebody frees space, or mends permissions. */
  get mayPass(): boolean {
    return ['read_model_full', 'read_model_read_only', 'read_model_failed'].includes(this.code);
  }
}
