import { ReplyError } from '@hearth/nest-kit';
import type { z } from 'zod';

/**
 * Reads a body or a query string by an endpoint's schema. Throws the answer to one that does not fit: 400, with the first
 * problem and where it stands as the message (user-data API §4.1).
 */
export const readInput = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const at = issue?.path.join('.') ?? '';
  const message = issue?.message ?? 'Bad Request';
  throw new ReplyError({ status: 400, body: { message: at === '' ? message : `${at}: ${message}` } });
};
