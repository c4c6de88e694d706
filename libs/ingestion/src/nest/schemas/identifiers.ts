import { z } from 'zod';

/**
 * The identifiers of track objects, as the document shows them. Formats (`time-string`, `iso-4217`, `phone-number`, `email`)
 * say in a word what the text beside them says at length.
 */

export const UserAlias = z
  .looseObject({
    alias_name: z.string().min(1).describe('The name, unique under its label.'),
    alias_label: z.string().min(1).describe('The kind of name. A user has one name under each label.'),
  })
  .meta({ id: 'UserAlias', description: 'A name for a user that is unique as a pair of label and name.' });

const emptyText = z.literal('');

/** Identifiers and the switch beside them, which every track object has. Null and the empty string count as absent. */
export const identifierFields = {
  external_id: z
    .union([z.string().max(987), z.int()])
    .nullish()
    .describe('Case-sensitive; at most 987 bytes of UTF-8. A whole number counts as its digits.'),
  user_alias: z
    .union([UserAlias, emptyText])
    .nullish()
    .describe(
      'Looks up only: with `_update_existing_only: false`, an unknown alias makes a profile of its own.',
    ),
  braze_id: z
    .union([z.string().regex(/^[0-9a-fA-F]{24}$/), emptyText])
    .nullish()
    .describe('The id that this server gave the profile. Never makes a profile.'),
  email: z
    .union([z.string().meta({ format: 'email' }), emptyText])
    .nullish()
    .describe(
      'An address, stored in lower case. Looks up the profile where no other identifier than a phone is present; otherwise it is written to the profile. Null clears it.',
    ),
  phone: z
    .string()
    .max(255)
    .nullish()
    .describe(
      'Looks up the profile where nothing else does, and must then be a phone number with its country code. Otherwise it is written to the profile, as E.164 where it can be read. Null clears it.',
    ),
  _update_existing_only: z
    .boolean()
    .nullish()
    .describe(
      'True: where nobody is found, nothing happens and the object counts as processed. Default: true with `user_alias`, false otherwise.',
    ),
} as const;

const present = (field: string, more: object = {}) => ({
  required: [field],
  properties: { [field]: { not: { enum: [null, ''] }, ...more } },
});

const primaries = ['external_id', 'user_alias', 'braze_id'].map((field) => present(field));

/** At least one identifier, and not more than one of `external_id`, `user_alias` and `braze_id` (user-data API §11.2). */
export const identifierRule = {
  anyOf: [...primaries, present('email'), present('phone', { format: 'phone-number' })],
  not: {
    anyOf: [
      { allOf: [primaries[0], primaries[1]] },
      { allOf: [primaries[0], primaries[2]] },
      { allOf: [primaries[1], primaries[2]] },
    ],
  },
};

/** A time in one of the documented spellings (user-data API §8.3). */
export const TimeString = z.string().meta({
  id: 'TimeString',
  format: 'time-string',
  description:
    'ISO 8601, also with a space for the `T`, a colon before the milliseconds or an offset such as `-0500`; `MM/dd/yyyy`; or `ddd MM dd HH:mm:ss.TZD YYYY`. Without a zone it is UTC, without a time of day midnight.',
  examples: ['2026-01-15T12:00:00.000Z', '2026-01-15', '01/15/2026'],
});
