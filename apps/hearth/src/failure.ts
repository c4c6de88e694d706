import { ConfigError } from '@hearth/nest-kit';

/** A command that cannot do what was asked; the message says why and how to mend it. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** What the operating system's codes mean to somebody who typed a command. */
const explanations: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on the disk',
  EDQUOT: "this user's share of the disk is used up",
  EPIPE: 'the output was closed before everything was written',
  ENOENT: 'there is no such file or folder',
  EACCES: 'this user is not allowed to',
  EPERM: 'this user is not allowed to',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EFBIG: 'the file grew larger than the file system or its limits allow',
  EIO: 'the disk failed',
};

const isSystemError = (error: Error): error is NodeJS.ErrnoException & { code: string } =>
  'code' in error && typeof error.code === 'string' && Object.hasOwn(explanations, error.code);

/** One line about any error, for people: never a stack trace. */
export const describeFailure = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError) return `the settings are not usable: ${error.problems.join('; ')}`;
  const text = isSystemError(error)
    ? `${explanations[error.code]}${error.path === undefined ? '' : `: ${error.path}`} (${error.code})`
    : error.message || error.name;
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
};
