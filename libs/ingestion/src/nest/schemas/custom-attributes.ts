import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const Increment = z.object({ inc: z.int() }).meta({
  id: 'Increment',
  description:
    'Adds a whole number, which may be negative, to a whole number; one that is missing counts as 0.',
});

const SetChange = z
  .object({
    add: z
      .array(scalar)
      .optional()
      .describe('Appended in order; one that is there already moves to the end.'),
    remove: z.array(scalar).optional().describe('Taken away wherever they stand, after `add`.'),
  })
  .meta({ id: 'SetChange', minProperties: 1, description: 'Changes an array of scalars.' });

const criterion = {
  $identifier_key: z.string().min(1).max(255).describe('The key that is compared.'),
  $identifier_value: scalar.describe('The value it must have, of the same type.'),
};

const ObjectListChange = z
  .object({
    $update: z
      .array(z.object({ ...criterion, $new_object: z.record(z.string(), z.unknown()) }))
      .optional()
      .describe('First: merged into every match with `_merge_objects`, put in its place without.'),
    $remove: z.array(z.object(criterion)).optional().describe('Second: every match is taken away.'),
    $add: z.array(z.record(z.string(), z.unknown())).optional().describe('Last: appended in order.'),
  })
  .meta({ id: 'ObjectListChange', minProperties: 1, description: 'Changes an array of objects.' });

/** The value of a custom attribute (user-data API §8). What a rule below forbids leaves the attribute as it was. */
export const CustomAttribute = z
  .union([
    z.null().describe('Removes the attribute.'),
    z.boolean(),
    z.number(),
    z.string().describe('At most 255 characters. One that reads as a time is stored as a time.'),
    Increment,
    SetChange,
    ObjectListChange,
    z
      .array(z.unknown())
      .describe(
        'Scalars: an ordered set of the last 25, which replaces the stored one. Objects: a list of at most 100 KB.',
      ),
    z
      .record(z.string(), z.unknown())
      .describe(
        'A nested object of at most 100 KB, which replaces the stored one or, with `_merge_objects`, is merged into it deeply. Times as `{"$time": …}`; no null inside; keys without spaces, points and `$`.',
      ),
  ])
  .meta({
    id: 'CustomAttribute',
    description:
      'The value of a custom attribute, or what to do to it. A value that breaks a limit is not stored, without an error: the attribute stays as it was.',
  });
