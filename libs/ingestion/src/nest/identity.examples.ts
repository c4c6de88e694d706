import type { EndpointExample } from '@hearth/rest-api';

const success = { message: 'success' } as const;

export const newAliases: readonly EndpointExample[] = [
  {
    name: 'For a known user, and a user of its own',
    request: {
      user_aliases: [
        { external_id: 'u1', alias_name: 'jon', alias_label: 'shop' },
        { alias_name: 'visitor-7', alias_label: 'web' },
      ],
    },
    status: 201,
    response: { aliases_processed: 2, ...success },
  },
  {
    name: 'The alias as an object, and an entry without a name',
    request: {
      user_aliases: [
        { user_alias: { alias_name: 'visitor-8', alias_label: 'web' } },
        { external_id: 'u1', alias_label: 'shop' },
      ],
    },
    status: 201,
    response: {
      aliases_processed: 1,
      ...success,
      errors: [{ type: "'alias_name' is required", input_array: 'user_identifiers', index: 1 }],
    },
  },
];

export const updateAliases: readonly EndpointExample[] = [
  {
    name: 'Another name',
    request: {
      alias_updates: [{ alias_label: 'shop', old_alias_name: 'jon', new_alias_name: 'jonathan' }],
    },
    status: 201,
    response: { aliases_processed: 1, ...success },
  },
];

export const identify: readonly EndpointExample[] = [
  {
    name: 'By alias',
    request: {
      aliases_to_identify: [
        { external_id: 'u2', user_alias: { alias_name: 'visitor-7', alias_label: 'web' } },
      ],
    },
    status: 201,
    response: { aliases_processed: 1, ...success },
  },
  {
    name: 'By email, one of several profiles',
    request: {
      emails_to_identify: [
        {
          external_id: 'u3',
          email: 'jon@example.com',
          prioritization: ['unidentified', 'most_recently_updated'],
        },
      ],
    },
    status: 201,
    response: { emails_processed: 1, ...success },
  },
];

export const merge: readonly EndpointExample[] = [
  {
    name: 'A profile of an email into a known user',
    request: {
      merge_updates: [
        {
          identifier_to_merge: { email: 'jon@example.com', prioritization: ['unidentified'] },
          identifier_to_keep: { external_id: 'u1' },
        },
      ],
    },
    status: 202,
    response: success,
  },
  {
    name: 'An identifier that is none',
    request: { merge_updates: [{ identifier_to_merge: {}, identifier_to_keep: { external_id: 'u1' } }] },
    status: 400,
    response: {
      message:
        "identifiers must be objects with an 'external_id' property that is a string, 'user_alias' property that is an object, 'email' property that is a string, or 'phone' property that is a string",
    },
  },
];

export const deleteUsers: readonly EndpointExample[] = [
  {
    name: 'By several kinds of ids',
    request: {
      external_ids: ['u9'],
      email_addresses: [{ email: 'jon@example.com', prioritization: ['most_recently_updated'] }],
    },
    status: 201,
    response: { deleted: 2, ...success },
  },
];

export const renameExternalIds: readonly EndpointExample[] = [
  {
    name: 'One that is there and one that is not',
    request: {
      external_id_renames: [
        { current_external_id: 'u1', new_external_id: 'u1-new' },
        { current_external_id: 'nobody', new_external_id: 'somebody' },
      ],
    },
    status: 201,
    response: {
      ...success,
      external_ids: [{ current_external_id: 'u1', new_external_id: 'u1-new' }],
      rename_errors: [[1, 'The current external_id does not exist']],
    },
  },
];

export const removeExternalIds: readonly EndpointExample[] = [
  {
    name: 'A deprecated id and a primary one',
    request: { external_ids: ['u1', 'u1-new'] },
    status: 201,
    response: {
      ...success,
      removed_ids: ['u1'],
      removal_errors: [[1, 'The external_id is a primary one: only a deprecated external_id can be removed']],
    },
  },
];

export const unmerge: readonly EndpointExample[] = [
  {
    name: 'By the id of the user who was merged away',
    request: { external_id: 'u4' },
    status: 201,
    response: {
      ...success,
      restored_braze_id: '3e0a1a6a1b7b5d4c2f1e0d9c',
      kept_braze_id: '9a1b2c3d4e5f60718293a4b5',
    },
  },
];
