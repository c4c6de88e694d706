/** Why the projection refused or failed; `code` is stable, `message` is for people. */
export type ProjectionErrorCode =
  'fold_failed' | 'events_missing' | 'not_reached' | 'catching_up' | 'stopped';

export class ProjectionError extends Error {
  override readonly name = 'ProjectionError';
  readonly code: ProjectionErrorCode;
  constructor(code: ProjectionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
