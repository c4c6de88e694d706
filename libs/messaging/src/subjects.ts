import { MessagingError } from './errors.ts';

const PLAIN = /^[^\s.*>]+(?:\.[^\s.*>]+)*$/;
const PATTERN = /^(?:[^\s.*>]+\.)*(?:[^\s.*>]+|\*|>)$/;

/** Throws `invalid_subject` where `subject` cannot be sent to: words between single dots, no wildcards. */
export const checkSubject = (subject: string): void => {
  if (!PLAIN.test(subject))
    throw new MessagingError(
      'invalid_subject',
      `"${subject}" is not a subject: use words between single dots`,
    );
};

/** Throws `invalid_subject` where `subject` cannot be listened to: as above, but the last word may be `*` or `>`. */
export const checkPattern = (subject: string): void => {
  if (!PATTERN.test(subject))
    throw new MessagingError(
      'invalid_subject',
      `"${subject}" is not a subject to listen to: use words between single dots, the last one may be * or >`,
    );
};

/** The test for one pattern: `*` stands for exactly one word, `>` for one or more. */
export const subjectMatcher = (pattern: string): ((subject: string) => boolean) => {
  const prefix = pattern.slice(0, -1);
  if (pattern.endsWith('>')) return (subject) => subject.length > prefix.length && subject.startsWith(prefix);
  if (pattern.endsWith('*'))
    return (subject) =>
      subject.length > prefix.length && subject.startsWith(prefix) && !subject.includes('.', prefix.length);
  return (subject) => subject === pattern;
};
