import { z } from 'zod';

/** What one entry of a request was refused for, beside entries that were taken (user-data API §4.1). */
export const EntryError = z
  .object({
    type: z.string().describe('Why, in words.'),
    input_array: z.string().describe('The array of the request that holds the entry.'),
    index: z.int().min(0).describe('Position in the array as sent.'),
  })
  .meta({ id: 'EntryError', description: 'Why one entry of a request was not taken.' });

/** The answer to a request of which nothing was processed (user-data API §4.1). */
export const FatalReply = z
  .object({
    message: z.string().describe('Why, in words.'),
    errors: z.array(EntryError).optional(),
  })
  .meta({ id: 'FatalReply', description: 'The request was refused; nothing of it was processed.' });

/** A body that is no JSON: newer clients read `error`, older ones `message` (user-data API §1). */
export const InvalidJsonReply = z
  .object({ message: z.string(), error: z.string() })
  .meta({ id: 'InvalidJsonReply', description: 'The body is not JSON, or names a key twice in one object.' });

/** The answer where only the status says more. */
export const MessageReply = z
  .object({ message: z.string() })
  .meta({ id: 'MessageReply', description: 'Why the request was not carried out.' });

const places = z.array(z.object({ input_array: z.string(), index: z.int().min(0) })).optional();

/** The answer to a write whose outcome is not known as a whole: of several objects it says what became of each. */
export const NoAnswerReply = z
  .object({
    message: z.string(),
    stored: places.describe(
      'Objects that are stored: never to be sent again without their `Idempotency-Key`.',
    ),
    not_stored: places.describe('Objects that are not: they can be sent again.'),
    unknown: places.describe('Objects that may be stored.'),
  })
  .meta({ id: 'NoAnswerReply', description: 'No answer in time.' });
