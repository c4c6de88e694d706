import type { Position } from '@hearth/eventing';
import {
  ReadModelError,
  type DerivedRows,
  type ProfileRow,
  type ReadModelErrorCode,
} from '../application/read-model.ts';

/** What the writing thread is started with. */
export interface WriterSettings {
  readonly file: string;
  /** The file grows no further than this many bytes. */
  readonly maxBytes?: number;
}

/** What the writing thread is asked for; one answer each, in the order asked. */
export type WriteRequest =
  | {
      readonly kind: 'write';
      readonly rows: PackedRows;
      readonly checkpoint?: Position;
      readonly derived?: DerivedRows;
    }
  | { readonly kind: 'finishBuild' }
  | { readonly kind: 'scrub' }
  | { readonly kind: 'close' };

export type WriteReply = { readonly done: boolean } | { readonly failed: PackedError };

/** Rows as one flat list of their values, which costs a thread border far less than objects. */
export type PackedRows = readonly (string | number | null)[];

/** An error, taken apart so that it crosses a thread border with its code. */
export interface PackedError {
  readonly code: ReadModelErrorCode;
  readonly message: string;
}

const VALUES_PER_ROW = 8;

export const packRows = (rows: readonly ProfileRow[]): PackedRows =>
  rows.flatMap((row) => [
    row.braze_id,
    row.revision,
    row.position,
    row.updated_at,
    row.external_id,
    row.email,
    row.phone,
    row.document,
  ]);

export const unpackRows = (values: PackedRows): readonly ProfileRow[] =>
  Array.from({ length: values.length / VALUES_PER_ROW }, (_, index) => {
    const [braze_id, revision, position, updated_at, external_id, email, phone, document] = values.slice(
      index * VALUES_PER_ROW,
      (index + 1) * VALUES_PER_ROW,
    );
    return { braze_id, revision, position, updated_at, external_id, email, phone, document } as ProfileRow;
  });

export const packError = (error: unknown): PackedError =>
  error instanceof ReadModelError
    ? { code: error.code, message: error.message }
    : { code: 'read_model_failed', message: error instanceof Error ? error.message : String(error) };

export const unpackError = ({ code, message }: PackedError): ReadModelError =>
  new ReadModelError(code, message);
