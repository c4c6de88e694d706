import { EntryError } from '@hearth/rest-api';
import { z } from 'zod';

import { UserAlias } from './identifiers.ts';

const MAX = 50;

/** An array of at most 50 entries, as every identity endpoint takes them (user-data API §12). */
export const upTo50 = <Schema extends z.ZodType>(entry: Schema) => z.array(entry).min(1).max(MAX);

export const externalId = z.union([z.string().min(1).max(987), z.int()]);

const priority = z.enum(['identified', 'unidentified', 'most_recently_updated', 'least_recently_updated']);

/** How to choose among the profiles of one email or phone (user-data API §12.3). */
export const Prioritization = z.array(priority).min(1).meta({
  id: 'Prioritization',
  description:
    'Each filter is applied in its order; one of recency leaves a single profile. Where none or more than one is left, nothing happens.',
});

/** What names one of several users: an email or phone comes with its prioritization. */
export const UserReference = z
  .looseObject({
    external_id: z.string().optional(),
    user_alias: UserAlias.optional(),
    email: z.string().meta({ format: 'email' }).optional(),
    phone: z.string().optional(),
    prioritization: Prioritization.optional().describe('Required with an email or phone.'),
  })
  .meta({ id: 'UserReference', description: 'Exactly one of external_id, user_alias, email and phone.' });

/** A deletion knows no `least_recently_updated` (user-data API §12.3). */
export const DeletePrioritization = z
  .array(z.enum(['identified', 'unidentified', 'most_recently_updated']))
  .min(1)
  .meta({ id: 'DeletePrioritization' });

export const entryErrors = z.array(EntryError).optional();

/** An entry's position as sent, and why it was left out. */
export const indexedErrors = z.array(z.tuple([z.int().min(0), z.string()]));
