import { FatalReply, type Endpoint } from '@hearth/rest-api';
import { z } from 'zod';

import * as examples from './identity.examples.ts';
import { UserAlias } from './schemas/identifiers.ts';
import {
  DeletePrioritization,
  entryErrors,
  externalId,
  indexedErrors,
  Prioritization,
  upTo50,
  UserReference,
} from './schemas/identity.ts';

const success = z.literal('success');

const AliasReply = z
  .object({ aliases_processed: z.int().min(0), message: success, errors: entryErrors })
  .meta({ id: 'AliasReply', description: 'How many entries were taken, also where they changed nothing.' });

/** Bodies are parsed by hand, since texts of errors are the public API's: the schemas here are for the document alone. */
export const newAliasesEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/alias/new',
  permission: 'users.alias.new',
  kind: 'write',
  summary: 'Give users aliases, or make users who have nothing but an alias',
  body: z
    .looseObject({
      user_aliases: upTo50(
        z.union([
          z.looseObject({
            alias_name: z.string().min(1),
            alias_label: z.string().min(1),
            external_id: externalId.nullish(),
          }),
          z.looseObject({ user_alias: UserAlias, external_id: externalId.nullish() }),
        ]),
      ),
    })
    .meta({ id: 'NewAliasesRequest' }),
  responses: { 201: AliasReply, 400: FatalReply },
  examples: examples.newAliases,
};

export const updateAliasesEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/alias/update',
  permission: 'users.alias.update',
  kind: 'write',
  summary: 'Give aliases other names under their labels',
  body: z
    .looseObject({
      alias_updates: upTo50(
        z.looseObject({
          alias_label: z.string().min(1),
          old_alias_name: z.string().min(1),
          new_alias_name: z.string().min(1),
        }),
      ),
    })
    .meta({ id: 'AliasUpdatesRequest' }),
  responses: { 201: AliasReply, 400: FatalReply },
  examples: examples.updateAliases,
};

export const identifyEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/identify',
  permission: 'users.identify',
  kind: 'write',
  summary: 'Give users without an external id one, or merge them into the user who has it',
  body: z
    .looseObject({
      aliases_to_identify: upTo50(
        z.looseObject({ external_id: externalId, user_alias: UserAlias }),
      ).nullish(),
      emails_to_identify: upTo50(
        z.looseObject({
          external_id: externalId,
          email: z.string().meta({ format: 'email' }),
          prioritization: Prioritization,
        }),
      ).nullish(),
      phone_numbers_to_identify: upTo50(
        z.looseObject({ external_id: externalId, phone: z.string(), prioritization: Prioritization }),
      ).nullish(),
      merge_behavior: z
        .unknown()
        .optional()
        .describe(
          '`none` moves aliases and devices only, and leaves the rest of the profile behind. Anything else merges.',
        ),
    })
    .meta({ id: 'IdentifyRequest', description: 'At least one of the arrays; 50 entries in all.' }),
  responses: {
    201: z
      .object({
        aliases_processed: z.int().min(0).optional(),
        emails_processed: z.int().min(0).optional(),
        phone_numbers_processed: z.int().min(0).optional(),
        message: success,
        errors: entryErrors,
      })
      .meta({ id: 'IdentifyReply' }),
    400: FatalReply,
  },
  examples: examples.identify,
};

export const mergeEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/merge',
  permission: 'users.merge',
  kind: 'write',
  summary: 'Merge users into others',
  body: z
    .looseObject({
      merge_updates: upTo50(
        z.strictObject({ identifier_to_merge: UserReference, identifier_to_keep: UserReference }),
      ),
    })
    .meta({ id: 'MergeRequest' }),
  responses: { 202: z.object({ message: success }).meta({ id: 'MergeReply' }), 400: FatalReply },
  examples: examples.merge,
};

export const deleteUsersEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/delete',
  permission: 'users.delete',
  kind: 'write',
  summary: 'Erase users for good',
  body: z
    .looseObject({
      external_ids: z.array(externalId).max(50).nullish(),
      braze_ids: z
        .array(z.string().regex(/^[0-9a-fA-F]{24}$/))
        .max(50)
        .nullish(),
      user_aliases: z.array(UserAlias).max(50).nullish(),
      email_addresses: z
        .array(
          z.looseObject({
            email: z.string().meta({ format: 'email' }),
            prioritization: DeletePrioritization,
          }),
        )
        .max(50)
        .nullish(),
      phone_numbers: z
        .array(z.looseObject({ phone: z.string(), prioritization: DeletePrioritization }))
        .max(50)
        .nullish(),
    })
    .meta({ id: 'DeleteRequest', description: 'At least one id; 50 in all, of whatever kinds.' }),
  responses: {
    201: z
      .object({ deleted: z.int().min(0), message: success, errors: entryErrors })
      .meta({ id: 'DeleteReply', description: 'How many ids were taken, also those that name nobody.' }),
    400: FatalReply,
  },
  examples: examples.deleteUsers,
};

export const renameExternalIdsEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/external_ids/rename',
  permission: 'users.external_ids.rename',
  kind: 'write',
  summary: 'Give users new external ids; the old ones still name them until they are removed',
  body: z
    .looseObject({
      external_id_renames: upTo50(
        z.looseObject({ current_external_id: externalId, new_external_id: externalId }),
      ),
    })
    .meta({ id: 'RenameRequest' }),
  responses: {
    201: z
      .object({
        message: success,
        external_ids: z.array(z.object({ current_external_id: z.string(), new_external_id: z.string() })),
        rename_errors: indexedErrors,
      })
      .meta({ id: 'RenameReply' }),
    400: FatalReply,
  },
  examples: examples.renameExternalIds,
};

export const removeExternalIdsEndpoint: Endpoint = {
  method: 'POST',
  path: '/users/external_ids/remove',
  permission: 'users.external_ids.remove',
  kind: 'write',
  summary: 'Remove deprecated external ids',
  body: z.looseObject({ external_ids: upTo50(externalId) }).meta({ id: 'RemoveRequest' }),
  responses: {
    201: z
      .object({ message: success, removed_ids: z.array(z.string()), removal_errors: indexedErrors })
      .meta({ id: 'RemoveReply' }),
    400: FatalReply,
  },
  examples: examples.removeExternalIds,
};

export const unmergeEndpoint: Endpoint = {
  method: 'POST',
  path: '/hearth/users/unmerge',
  permission: 'hearth.users.unmerge',
  kind: 'write',
  summary: 'Take a merge back: both users are there again',
  body: z
    .looseObject({
      external_id: z.string().optional(),
      user_alias: UserAlias.optional(),
      braze_id: z.string().optional(),
    })
    .meta({
      id: 'UnmergeRequest',
      description:
        'Exactly one of the three. A user who was merged away names that merge; any other one the newest merge into it.',
    }),
  responses: {
    201: z
      .object({ message: success, restored_braze_id: z.string(), kept_braze_id: z.string() })
      .meta({ id: 'UnmergeReply' }),
    400: FatalReply,
  },
  examples: examples.unmerge,
};

/** The endpoints about who is who (user-data API §12). */
export const identityEndpoints: readonly Endpoint[] = [
  newAliasesEndpoint,
  updateAliasesEndpoint,
  identifyEndpoint,
  mergeEndpoint,
  deleteUsersEndpoint,
  renameExternalIdsEndpoint,
  removeExternalIdsEndpoint,
  unmergeEndpoint,
];
