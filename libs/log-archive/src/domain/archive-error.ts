/** Why an archive cannot be written, read or taken over. */
export type ArchiveErrorCode =
  | 'not_an_archive'
  | 'archive_newer'
  | 'archive_cut_off'
  | 'archive_damaged'
  | 'archive_changed'
  | 'store_not_empty'
  | 'secret_differs'
  | 'append_refused';

/** The message says what is wrong and how to mend it; it fits on a line. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly code: ArchiveErrorCode;
  constructor(code: ArchiveErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
