import { ReplyError } from '@hearth/nest-kit';
import type { z } from 'zod';

/**
 * Reads a body by an endpoint's schema. Throws the answer to one that does not fit: 400, with the first problem as the
 * message (user-data API §4.1). A schema may bring a message of its own; otherwise it is `'<path>' is required` or
 * `'<path>' is not valid`.
 */
export const readInput = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const read = schema.safeParse(input, { error: textOf });
  if (read.success) return read.data;
  const message = read.error.issues[0]?.message ?? 'Bad Request';
  throw new ReplyError({ status: 400, body: { message } });
};

/** Reads a query string in the same way. A parameter without a value counts as absent. */
export const readQuery = <Schema extends z.ZodType>(schema: Schema, query: unknown): z.output<Schema> =>
  readInput(schema, Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== '')));

/** The validator asks for a text where the schema has none. */
const textOf: z.core.$ZodErrorMap = ({ path = [], input }) => {
  if (path.length === 0) return 'The body must be an object';
  return `'${path.join('.')}' is ${input === undefined ? 'required' : 'not valid'}`;
};
